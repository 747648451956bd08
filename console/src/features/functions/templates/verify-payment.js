/**
 * Decides whether a payment may go on: by its amount, its country, and how often the card was tried.
 * @param {Millrace.Event<{ amount: number; country: string; tries?: number }>} event
 */
exports.handler = async (event) => {
  const { amount, country, tries = 1 } = event.data;
  const allowed = (process.env.COUNTRIES ?? 'DE,AT,CH').split(',');
  const reasons = [];
  if (amount > Number(process.env.MOST_AMOUNT ?? 500)) reasons.push('amount');
  if (!allowed.includes(country)) reasons.push('country');
  if (tries > 3) reasons.push('tries');
  console.log('payment of', amount, 'from', country, reasons);
  return { accept: reasons.length === 0, reasons };
};
