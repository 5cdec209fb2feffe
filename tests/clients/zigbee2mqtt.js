// Zigbee2MQTT's own MQTT class, without a Zigbee network: zigbee2mqtt.js URL VERSION. It connects, says what its program
// says, and writes as JSON what others say to it; on SIGTERM it leaves as its program does.
const fs = require('fs')
const os = require('os')
const path = require('path')

const [url, version] = process.argv.slice(2)
process.env.ZIGBEE2MQTT_DATA = fs.mkdtempSync(path.join(os.tmpdir(), 'watchpost-test-'))
fs.writeFileSync(path.join(process.env.ZIGBEE2MQTT_DATA, 'configuration.yaml'), `
mqtt: { server: '${url}', base_topic: zigbee2mqtt, version: ${version} }
serial: { port: /dev/null }
advanced: { log_output: [] }
`)
require('zigbee2mqtt/dist/util/settings').reRead()
require('zigbee2mqtt/dist/util/logger').default.init()
const Mqtt = require('zigbee2mqtt/dist/mqtt').default
const EventBus = require('zigbee2mqtt/dist/eventBus').default

const say = (what, more) => console.log(JSON.stringify({ what, ...more }))

async function run () {
  const bus = new EventBus()
  const link = new Mqtt(bus)
  bus.onMQTTMessage({ constructor: { name: 'test' } }, message => say('message', message))
  process.on('SIGTERM', async () => {
    await link.disconnect()
    fs.rmSync(process.env.ZIGBEE2MQTT_DATA, { recursive: true, force: true })
    process.exit(0)
  })
  await link.connect()
  say('connected', link.info)
  await link.publish('bridge/info', '{"version":"2"}', { clientOptions: { retain: true } })
  await link.publish('bridge/devices', JSON.stringify([{ text: 'x'.repeat(500000) }]), { clientOptions: { retain: true } })
  let number = 0
  setInterval(() => link.publish('lamp', JSON.stringify({ state: 'ON', number: number++ }), {}).catch(() => {}), 100)
}

run().catch(error => {
  console.error(error)
  process.exit(1)
})
