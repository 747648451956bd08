// Counts its nights in the key value `nights`, which was made before: functions change key values, and make none.
revcent.GetKeyValue('nights', (error, entry) => {
  if (error) return callback(error);
  const nights = Number(entry.value) + 1;
  console.log(`night ${nights}, for ${process.env.TEAM}`);
  revcent.UpdateKeyValue('nights', String(nights), (failure) => callback(failure, { nights }));
});
