// Converts amounts: GET ?amount=12.5&to=CHF. The rates are a variable of the function.
exports.handler = async (event) => {
  const { amount, to } = event.queryStringParameters ?? {};
  const rates = JSON.parse(process.env.RATES);
  if (!(to in rates)) return answer(400, { error: `to must be one of ${Object.keys(rates).join(', ')}` });
  if (!(Number(amount) > 0)) return answer(400, { error: 'amount must be a positive number' });
  return answer(200, { amount: Number((Number(amount) * rates[to]).toFixed(2)), currency: to });
};

function answer(statusCode, body) {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
