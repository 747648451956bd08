exports.main = ({ headers }, sendResponse) => {
  sendResponse({
    body: [
      headers['Content-Type'], headers['content-type'], headers.Host, headers.missing, 'X-Thing' in headers,
      Object.hasOwn(headers, 'HOST'), Object.keys(headers), JSON.stringify(headers), { ...headers }.host,
      headers.constructor === Object, String(headers),
    ],
  });
};
