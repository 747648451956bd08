const whileLoaded = process.env.GREETING;
exports.handler = async () => ({ env: { ...process.env }, whileLoaded, folder: process.cwd() });
