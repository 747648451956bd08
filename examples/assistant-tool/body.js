// Says whether a shop is open. The assistant gives the day; the shop's hours are a variable.
const { day } = event.data.custom_arguments;
const hours = JSON.parse(process.env.HOURS)[day.toLowerCase()];
callback(null, hours === undefined ? { open: false } : { open: true, hours });
