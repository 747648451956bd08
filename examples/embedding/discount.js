// A customer's function: what discount a cart gets.
exports.handler = async (event) => {
  const { cart } = JSON.parse(event.body);
  return { statusCode: 200, body: JSON.stringify({ discount: cart.total > 100 ? 0.1 : 0 }) };
};
