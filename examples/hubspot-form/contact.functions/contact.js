// Takes a contact form of a site.
const { isAddress } = require('./is-address');

exports.main = ({ body }, sendResponse) => {
  if (!isAddress(body.email)) {
    sendResponse({ statusCode: 400, body: { error: 'please give an e-mail address' } });
    return;
  }
  console.log(`${body.email} writes to ${process.env.CONTACT_TEAM}`);
  sendResponse({ statusCode: 200, body: { thanks: body.name } });
};
