const axios = require('axios');
callback(null, 'no');
