// The version of this program, as its package.json says.
import own from '../package.json' with { type: 'json' };

export const VERSION: string = own.version;
