/** Something a person has to mend: topology, rights, credentials. It stops the start instead of being tried again. */
export class WiringFault extends Error {
  override readonly name: string = 'WiringFault';
}

/** Exchanges and queues that are missing, or not as they should be; the message names each, with what to do. */
export class TopologyFault extends WiringFault {
  override readonly name = 'TopologyFault';
}
