/** A machine that the package brings an addon for. */
export interface Target {
  readonly arch: string;
  readonly file: string;
  readonly compiler: string;
  readonly debianPackage: string;
  readonly flags: readonly string[];
  readonly machine: string;
  readonly emulator: string;
  readonly nodePackage?: string;
}

export const TARGETS: readonly Target[];
export const REQUIRED: readonly string[];
export function targetOf(arch: string): Pick<Target, 'arch' | 'compiler' | 'flags'> & Partial<Target>;
