const { join } = require('node:path');

// Workers, runtimes and WebAssembly are found by webpack itself; nothing has to be told of them.
module.exports = {
  mode: 'production',
  entry: './main.js',
  output: { path: join(__dirname, 'public'), filename: 'main.js' },
};
