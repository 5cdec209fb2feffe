// Prints every device that the package zigbee-herdsman-converters defines, as one JSON array of
// {model, vendor, description, exposes}: what Zigbee2MQTT puts into a definition on bridge/devices.
// Run with NODE_PATH naming the folder of the installed package.
const fs = require('fs');
const path = require('path');
const converters = require('zigbee-herdsman-converters');

const folder = path.join(path.dirname(require.resolve('zigbee-herdsman-converters')), 'devices');
const devices = [];
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.js')).sort()) {
  for (const each of require(path.join(folder, file)).definitions ?? []) {
    const {model, vendor, description, exposes} = converters.prepareDefinition(each);
    // Some depend on the device; without one they say what it can have at most.
    const list = typeof exposes === 'function' ? exposes({isDummyDevice: true}, {}) : exposes;
    devices.push({model, vendor, description, exposes: list});
  }
}
process.stdout.write(JSON.stringify(devices));
