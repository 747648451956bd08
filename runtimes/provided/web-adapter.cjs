// A web server as a function: waits until the program answers at its port, and turns each invocation into a
// request to it and its response into a result. Variables as those of AWS's Lambda Web Adapter. Started by
// bootstrap in place of the Runtime API where AWS_LWA_PORT is set.
'use strict';

const http = require('node:http');
const { FRAME, encodeTwoPartFrame, splitPayload } = require('../../contract/frames.cjs');
const { proxyResponseOf, requestOf } = require('./web-request.cjs');

/** @typedef {InstanceType<typeof import('./control-socket.cjs').ControlSocket>} ControlSocket */
/** @typedef {InstanceType<typeof import('./program.cjs').Program>} Program */

const HOST = '127.0.0.1';
/** Between two looks whether it is ready. */
const LOOK_EVERY_MS = 10;
/** A server that answers so is up, whatever it says. */
const FIRST_UNHEALTHY_STATUS = 500;
/** More than any answer may have: the server, which knows the limit, refuses what is too much. */
const MOST_HEADER_BYTES = 256 * 1024;

/**
 * @typedef {object} AdapterParts
 * @property {ControlSocket} control
 * @property {Program} program
 * @property {import('../../contract/frames.cjs').StartPayload} settings
 * @property {() => void} onReady
 */

/** @param {AdapterParts} parts */
async function serveWeb(parts) {
  const { control, settings, onReady } = parts;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await untilReady(settings.env);
  onReady();
  for (;;) {
    const { type, nonce, payload } = await control.next();
    if (type !== FRAME.INVOKE) control.breaks(`frame of type ${type} in place of INVOKE`);
    const outcome = await outcomeOf(parts, agent, splitPayload(payload).body);
    await parts.program.printed();
    control.send(encodeTwoPartFrame(outcome.type, Buffer.from(nonce), parts.program.counts(), outcome.body));
  }
}

/** @param {Record<string, string>} env */
async function untilReady(env) {
  const port = env.AWS_LWA_READINESS_CHECK_PORT ?? env.AWS_LWA_PORT;
  const path = env.AWS_LWA_READINESS_CHECK_PATH ?? '/';
  for (;;) {
    const status = await statusOf({ host: HOST, port, path, agent: false });
    if (status !== null && status < FIRST_UNHEALTHY_STATUS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/**
 * @param {import('node:http').RequestOptions} options
 * @returns {Promise<number | null>} null: nothing answers yet
 */
function statusOf(options) {
  return new Promise((resolve) => {
    const request = http.get(options, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? null);
    });
    request.on('error', () => resolve(null));
  });
}

/**
 * @param {AdapterParts} parts
 * @param {http.Agent} agent
 * @param {Buffer} eventJson
 */
async function outcomeOf({ settings, program }, agent, eventJson) {
  const { env, resultLimitBytes } = settings;
  try {
    const asked = requestOf(JSON.parse(eventJson.toString()), eventJson, env);
    const response = await send(
      { ...asked, host: HOST, port: env.AWS_LWA_PORT, agent, maxHeaderSize: MOST_HEADER_BYTES },
      asked.body,
      resultLimitBytes,
    );
    if (response === null) return error('Function.ResponseSizeTooLarge', tooLarge(resultLimitBytes));
    if (asked.isHttp) return result(JSON.stringify(proxyResponseOf(response)), resultLimitBytes);
    const text = response.body.toString();
    if (response.status >= 400)
      return error('Function.WebServerError', `${response.status} ${text.slice(0, 1_000)}`);
    return result(isJson(text) ? text : JSON.stringify(text), resultLimitBytes);
  } catch (cause) {
    // A run whose program ends has no other answer than that end.
    if (await program.ends()) await new Promise(() => {});
    return error('Function.WebServerUnreachable', /** @type {Error} */ (cause).message);
  }
}

/**
 * @param {http.RequestOptions} options
 * @param {Buffer} body
 * @param {number} limitBytes
 * @returns {Promise<{ status: number, rawHeaders: string[], body: Buffer } | null>} null: the body is larger
 */
function send(options, body, limitBytes) {
  return new Promise((resolve, reject) => {
    const request = http.request(options, async (response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      let size = 0;
      try {
        for await (const chunk of response) {
          size += chunk.length;
          if (size > limitBytes) return resolve(null);
          chunks.push(chunk);
        }
        const { statusCode: status = 502, rawHeaders } = response;
        resolve({ status, rawHeaders, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error);
      }
    });
    request.on('error', reject);
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('it answered with another protocol, by 101'));
    });
    request.end(body);
  });
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} body
 * @param {number} limitBytes
 */
function result(body, limitBytes) {
  if (Buffer.byteLength(body) > limitBytes)
    return error('Function.ResponseSizeTooLarge', tooLarge(limitBytes));
  return { type: FRAME.RESULT, body };
}

/**
 * @param {string} errorType
 * @param {string} errorMessage
 */
function error(errorType, errorMessage) {
  return { type: FRAME.ERROR, body: JSON.stringify({ errorType, errorMessage }) };
}

/** @param {number} limitBytes */
function tooLarge(limitBytes) {
  return `Response payload size exceeded maximum allowed payload size (${limitBytes} bytes).`;
}

/**
 * @param {Record<string, string>} env
 * @returns {{ errorType: string, errorMessage: string } | null} null: its ports are ports
 */
function wrongPort(env) {
  const name = ['AWS_LWA_PORT', 'AWS_LWA_READINESS_CHECK_PORT'].find((one) => !isPort(env[one]));
  if (name === undefined) return null;
  const errorMessage = `${name} must be a number from 1 to 65535, not ${JSON.stringify(env[name])}`;
  return { errorType: 'Runtime.InvalidEntrypoint', errorMessage };
}

/** @param {string | undefined} text */
function isPort(text) {
  return text === undefined || (/^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535);
}

module.exports = { serveWeb, wrongPort };
