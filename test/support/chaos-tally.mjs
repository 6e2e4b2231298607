/**
 * What has become of everything, of all clients together.
 *
 * @import { Client } from './chaos-client.mjs'
 * @import { Stream } from './chaos-ledger.mjs'
 */

const nothing = () => ({ sent: 0, delivered: 0, acknowledged: 0, lost: 0, twice: 0, disorder: 0 });

export class Tally {
  up = nothing();
  down = nothing();
  topics = { published: 0, delivered: 0, gaps: 0, missing: 0, twice: 0 };
  faults = { kills: 0, halfOpens: 0, healed: 0 };
  sessions = { begun: 0, resumes: 0, resets: 0 };
  /** Of those that were told as acknowledged and were not handled, or not by then. */
  falsely = 0;
  /** How long it took in the calm until everything had come to its end, in milliseconds. */
  restedAfter = 0;
  /** @type {string[]} */
  violations = [];
  #violations = 0;

  /** @param {string} what */
  fault(what) {
    // They tend to come in thousands.
    if (++this.#violations <= 20) this.violations.push(what);
  }

  /** @param {readonly Client[]} clients @param {ReadonlyMap<string, number>} published */
  close(clients, published) {
    for (const count of published.values()) this.topics.published += count;
    for (const client of clients) this.#add(client, published);
  }

  /** @param {Client} client @param {ReadonlyMap<string, number>} published */
  #add(client, published) {
    const { name, up, down, counts } = client;
    this.#stream(`${name}, to the server`, this.up, up);
    this.#stream(`${name}, to the client`, this.down, down);
    this.sessions.begun += counts.begun;
    this.sessions.resumes += counts.resumes;
    this.sessions.resets += counts.resets;
    for (const error of client.errors) this.fault(`${name}: ${error}`);
    for (const [topic, { delivered, gaps, missing, twice, last }] of client.topics) {
      const behind = (published.get(topic) ?? 0) - last;
      const all = this.topics;
      all.delivered += delivered;
      all.gaps += gaps;
      all.missing += missing + behind;
      all.twice += twice;
      if (missing + behind + twice > 0) {
        this.fault(`${name}, ${topic}: ${missing} missing, ${twice} twice, ${behind} behind`);
      }
    }
  }

  /** @param {string} what @param {Tally['up']} all @param {Stream} stream */
  #stream(what, all, { sent, delivered, acknowledged, lost, twice, outOfOrder, falsely }) {
    all.sent += sent;
    all.delivered += delivered;
    all.acknowledged += acknowledged;
    all.lost += lost;
    all.twice += twice;
    all.disorder += outOfOrder;
    this.falsely += falsely;
    const isWell =
      delivered === sent && acknowledged === sent && twice + outOfOrder + falsely === 0;
    if (isWell) return;
    this.fault(
      `${what}: ${sent} sent, ${delivered} delivered, ${acknowledged} acknowledged, ` +
        `${twice} twice, ${outOfOrder} out of order, ${falsely} acknowledged falsely`,
    );
  }

  /** For a terminal. */
  toString() {
    const { up, down, topics, faults, sessions } = this;
    const both = (/** @type {keyof Tally['up']} */ key) =>
      `${key} ${up[key] + down[key]} (${up[key]} to the server, ${down[key]} to clients)`;
    return [
      `${both('sent')}, ${both('delivered')}, ${both('acknowledged')}`,
      `${both('lost')}, ${both('twice')}, out of order ${up.disorder + down.disorder}, ` +
        `acknowledged falsely ${this.falsely}`,
      `topics: published ${topics.published}, delivered ${topics.delivered}, gaps ${topics.gaps}, ` +
        `missing without a gap ${topics.missing}, twice ${topics.twice}`,
      `kills ${faults.kills}, half-opens ${faults.halfOpens} (${faults.healed} healed), ` +
        `sessions begun ${sessions.begun}, resumes ${sessions.resumes}, resets ${sessions.resets}; ` +
        `at rest after ${(this.restedAfter / 1_000).toFixed(1)} s`,
      ...this.violations,
      ...(this.#violations > this.violations.length
        ? [`and ${this.#violations - this.violations.length} more`]
        : []),
    ].join('\n');
  }
}
