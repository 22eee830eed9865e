/** Something a person has to mend: topology, rights, credentials. It stops the start instead of being tried again. */
export class WiringFault extends Error {
  override readonly name = 'WiringFault';
}
