// @microsoft/signalr (npm) records from a stand-in: signalr_client.mjs URL FILE TOKEN TOPIC,TOPIC,...
// Writes what it was called with as messages of SignalR Core. Ends when the server closes.
import fs from 'node:fs';
import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const [url, path, token, topics] = process.argv.slice(2);
const out = fs.createWriteStream(path);
const write = (message) => out.write(`${JSON.stringify(message)}\x1e\n`);

// The library itself sends no OPTIONS; F1's load balancer wants the cookie of its answer.
const options = await fetch(`${url}/negotiate`, { method: 'OPTIONS' });
const cookie = options.headers.getSetCookie().find((one) => one.startsWith('AWSALBCORS'));
const connection = new HubConnectionBuilder()
  .withUrl(url, { headers: { Cookie: cookie.split(';')[0] }, accessTokenFactory: () => token })
  .configureLogging(LogLevel.Error)
  .build();

let isSnapshotWritten = false;
const early = [];
connection.on('feed', (topic, data, utc) => {
  const message = { type: 1, target: 'feed', arguments: [topic, data, utc] };
  if (isSnapshotWritten) write(message);
  else early.push(message);
});
connection.onclose(() => out.end(() => process.exit(0)));
await connection.start();
const snapshot = await connection.invoke('Subscribe', topics.split(','));
write({ type: 3, invocationId: '0', result: snapshot });
isSnapshotWritten = true;
for (const message of early) write(message);
