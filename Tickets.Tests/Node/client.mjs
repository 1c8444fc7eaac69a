// A foreign client: official NATS packages, bare JSON, no header but what the documentation names.
// Usage: node client.mjs NATS_URL HTTP_URL. Prints one JSON line for each thing it saw; fails at the first that is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, createInbox, headers } from "@nats-io/transport-node";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { CloudEvent } from "cloudevents";

const [natsUrl, httpUrl] = process.argv.slice(2);
const tenant = "acme";
const nats = await connect({ servers: natsUrl });
const stream = jetstream(nats);
const seen = (what, details = {}) => console.log(JSON.stringify({ what, ...details }));

async function command(verb, body) {
  const inbox = createInbox();
  const answers = nats.subscribe(inbox, { max: 1, timeout: 10_000 });
  const replyTo = headers();
  replyTo.set("Reply-To", inbox);
  await stream.publish(`ticket.commands.${tenant}.${verb}`, JSON.stringify(body), { headers: replyTo });
  for await (const answer of answers) {
    const outcome = answer.json();
    seen(`outcome of ${verb}`, { status: outcome.status });
    return outcome;
  }
}

async function ask(verb, body) {
  const answer = await nats.request(`ticket.api.${tenant}.${verb}`, JSON.stringify(body ?? {}), { timeout: 10_000 });
  seen(`answer to ${verb}`, { status: answer.headers?.get("Status") });
  return answer.json();
}

// Each command, as bare JSON.
const created = await command("create", { title: "From Node", created_by: "ada", priority: "critical" });
assert.equal(created.status, 201);
const id = created.body.id;
assert.equal((await command("update", { ticket_id: id, if_version: 1, status: "in_progress", assignee: "bob" })).status, 200);
assert.equal((await command("update", { ticket_id: id, if_version: 1, title: "Too late" })).status, 412);
assert.equal((await command("comment", { ticket_id: id, author: "bob", body: "On it." })).status, 201);
assert.equal((await command("create", { created_by: "ada" })).body.errors.title[0], "is required");

// Requests that are answered at once.
assert.equal((await ask("get", { ticket_id: id })).assignee, "bob");
assert.deepEqual((await ask("list")).tickets.map((ticket) => ticket.id), [id]);
assert.equal((await ask("create", { title: "Second", created_by: "eve" })).number, 2);
assert.equal((await command("delete", { ticket_id: id })).status, 204);

// Discovery by the services protocol.
const info = (await nats.request("$SRV.INFO.tickets", undefined, { timeout: 10_000 })).json();
assert.equal(info.type, "io.nats.micro.v1.info_response");
seen("service", { name: info.name, version: info.version, subjects: info.endpoints.map((endpoint) => endpoint.subject).sort() });

// The description of all of it is valid, and what was sent is as it says.
const asyncApi = await (await fetch(`${httpUrl}/asyncapi.json`)).json();
const require = createRequire(import.meta.url);
const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
const specification = JSON.parse(readFileSync(require.resolve("@asyncapi/specs/schemas/3.0.0-without-$id.json")));
assert.ok(ajv.validate(specification, asyncApi), ajv.errorsText(ajv.errors?.slice(0, 5)));
seen("asyncapi", { channels: Object.keys(asyncApi.channels).length });

// Events: CloudEvents in binary mode, of the type that is the subject, with a body of the schema that the description gives.
const expected = [
  "ticket.created", "ticket.assigned", "ticket.status_changed", "ticket.commented", "ticket.deleted",
  "notification.requested", "notification.delivered", "audit.recorded",
];
const manager = await jetstreamManager(nats);
const consumer = await manager.consumers.add("TICKET_EVENTS", { ack_policy: "explicit" });
const missing = new Set(expected);
for await (const message of await (await stream.consumers.get("TICKET_EVENTS", consumer.name)).consume()) {
  const attribute = (name) => message.headers.get(`ce-${name}`);
  const body = message.json();
  new CloudEvent({
    specversion: attribute("specversion"), id: attribute("id"), type: attribute("type"), source: attribute("source"),
    subject: attribute("subject"), time: attribute("time"), datacontenttype: message.headers.get("Content-Type"), data: body,
  }, true);
  assert.equal(attribute("specversion"), "1.0");
  assert.equal(attribute("type"), message.subject);
  assert.equal(attribute("id"), message.headers.get("Nats-Msg-Id"));
  assert.equal(message.headers.get("tenant"), tenant);
  assert.ok(
    ajv.validate(asyncApi.components.messages[message.subject].payload, body),
    `${message.subject}: ${ajv.errorsText()} in ${JSON.stringify(body)}`);
  seen("event", { type: message.subject, version: body.version });
  message.ack();
  missing.delete(message.subject);
  if (missing.size === 0) break;
}

await nats.close();
seen("done");
