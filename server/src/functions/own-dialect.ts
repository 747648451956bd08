// The name of Millrace's own dialect: functions that its own API makes. Imports nothing: the API and the
// dialect read it.
export const OWN_DIALECT = 'millrace';
