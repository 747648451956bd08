export const helper = 'imported';
