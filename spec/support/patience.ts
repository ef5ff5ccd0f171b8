/** The factor by which a run extends the time limits: an emulator and a tool that examines memory are slow. */
export const PATIENCE: number = Number(process.env['RXNETLINK_PATIENCE'] ?? 1);
