// MQTT.js as a program would use it. Each line on stdout is one thing that happened, as JSON.
//   mqtt_js.js exchange URL VERSION         one publisher, one subscriber, each QoS
//   mqtt_js.js endure URL VERSION COUNT     messages at QoS 1 and 2 to a lasting session, over lost connections
const mqtt = require('mqtt')

const [mode, url, version, count] = process.argv.slice(2)
const say = (what, more) => console.log(JSON.stringify({ what, ...more }))
const options = (clientId, more) => ({
  clientId,
  protocolId: version === '3' ? 'MQIsdp' : 'MQTT',
  protocolVersion: Number(version),
  reconnectPeriod: 200,
  ...more
})

async function exchange () {
  const subscriber = await mqtt.connectAsync(url, options('subscriber'))
  const publisher = await mqtt.connectAsync(url, options('publisher', {
    will: { topic: 'siren/state', payload: 'offline', qos: 1, retain: true }
  }))
  subscriber.on('message', (topic, payload, packet) =>
    say('message', { topic, payload: payload.toString(), qos: packet.qos, retain: packet.retain }))
  const granted = await subscriber.subscribeAsync(['hall/+/state', 'siren/#'], { qos: 2 })
  say('granted', { qos: granted.map(one => one.qos) })
  for (const qos of [0, 1, 2]) await publisher.publishAsync('hall/lamp/state', `at ${qos}`, { qos })
  await publisher.publishAsync('hall/fan/state', 'kept', { qos: 1, retain: true })
  publisher.stream.destroy() // its will is due
  publisher.end(true)
  await new Promise(resolve => setTimeout(resolve, 500))
  await subscriber.unsubscribeAsync('hall/+/state')
  const late = await mqtt.connectAsync(url, options('late'))
  late.on('message', (topic, payload, packet) => say('late', { topic, payload: payload.toString(), retain: packet.retain }))
  await late.subscribeAsync('#', { qos: 1 })
  await new Promise(resolve => setTimeout(resolve, 500))
  await Promise.all([subscriber.endAsync(), late.endAsync()])
}

async function endure () {
  const lasting = { clean: false, properties: { sessionExpiryInterval: 3600 } }
  const subscriber = await mqtt.connectAsync(url, options('lasting-subscriber', lasting))
  const missing = new Set()
  let finish
  const finished = new Promise(resolve => { finish = resolve })
  let published = false
  const look = () => { if (published && missing.size === 0) finish() }
  subscriber.on('message', (topic, payload, packet) => {
    say('message', { payload: payload.toString(), qos: packet.qos, dup: packet.dup })
    missing.delete(payload.toString())
    look()
  })
  subscriber.on('connect', packet => say('connected', { present: packet.sessionPresent }))
  await subscriber.subscribeAsync('hall/#', { qos: 2 })
  const publisher = await mqtt.connectAsync(url, options('lasting-publisher', lasting))
  const all = []
  // A connection that ends while it is still sending again what was left: MQTT.js gives those messages up itself.
  const givenUp = (payload, error) => {
    if (error.message !== 'Connection closed') throw error
    say('given up', { payload })
    missing.delete(payload)
  }
  for (let i = 0; i < Number(count); i++) {
    const payload = String(i)
    missing.add(payload)
    all.push(publisher.publishAsync('hall/lamp', payload, { qos: 1 + i % 2 })
      .then(() => say('acknowledged', { payload }), error => givenUp(payload, error)))
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  await Promise.all(all)
  published = true
  look()
  await finished
  await new Promise(resolve => setTimeout(resolve, 500)) // a repeat would come by now
  await Promise.all([subscriber.endAsync(), publisher.endAsync()])
}

(mode === 'exchange' ? exchange() : endure()).then(() => process.exit(0), error => {
  console.error(error)
  process.exit(1)
})
