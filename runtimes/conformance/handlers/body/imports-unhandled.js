const import_ = 1;
import('axios').then(() => callback(null, 'no'));
