/** Returns a function that registers a client; closes all registered clients after each spec. */
export function useClients(): <Client extends { close(): void }>(client: Client) => Client {
  const clients: { close(): void }[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  return (client) => {
    clients.push(client);
    return client;
  };
}
