// A response that begins with status and headers, as Lambda's clients stream it: JSON, eight zero bytes, the
// body. Pure.
'use strict';

const PRELUDE_END = Buffer.alloc(8);
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response';

/**
 * @param {Buffer} bytes
 * @returns {object} the same as a proxy response
 */
function httpResponseOf(bytes) {
  const end = bytes.indexOf(PRELUDE_END);
  if (end < 0) return { statusCode: 200, body: bytes.toString('base64'), isBase64Encoded: true };
  const { statusCode = 200, headers = {}, cookies = [] } = JSON.parse(bytes.subarray(0, end).toString());
  return {
    ...{ statusCode, headers },
    ...(cookies.length > 0 ? { multiValueHeaders: { 'Set-Cookie': cookies } } : {}),
    body: bytes.subarray(end + PRELUDE_END.length).toString('base64'),
    isBase64Encoded: true,
  };
}

module.exports = { HTTP_RESPONSE, httpResponseOf };
