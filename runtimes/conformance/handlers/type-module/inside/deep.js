export const handler = async () => 'deep';
