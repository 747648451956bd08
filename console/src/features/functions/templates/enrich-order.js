/**
 * Looks up what a new order lacks, and writes it back. Give it the event order.created.
 * Variables: CUSTOMERS_URL, ORDERS_URL, API_KEY (secret).
 * @param {Millrace.Event<{ customer_id: string }>} event
 */
exports.handler = async (event) => {
  const headers = { authorization: `Bearer ${process.env.API_KEY}`, 'content-type': 'application/json' };
  const customer = await fetch(`${process.env.CUSTOMERS_URL}/${event.data.customer_id}`, { headers });
  if (!customer.ok) throw new Error(`customer ${event.data.customer_id}: ${customer.status}`);
  const { segment } = await customer.json();
  const order = event.event.item_id;
  const answer = await fetch(`${process.env.ORDERS_URL}/${order}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify({ segment }),
  });
  if (!answer.ok) throw new Error(`order ${order}: ${answer.status}`);
  return { order, segment };
};
