import { ofKind, overlays, podsOf, render, type Manifest } from './manifests.js';
import { mayConnect, type End } from './reach.js';

const OURS = 'et-etl';
const pod = (component: string, namespace = OURS): End => ({
  namespace,
  labels: { 'app.kubernetes.io/component': component },
  ports: { http: 8080 },
});
const BROKER = pod('rabbitmq');
const PROMETHEUS = pod('prometheus', 'monitoring');
const KEDA: End = { namespace: 'keda', labels: { app: 'keda-operator' } };
const ELSEWHERE = pod('extractor', 'default');

/** Every kind of pod of ours that opens connections. */
const clients = (manifests: readonly Manifest[]): string[] =>
  [...new Set(podsOf(manifests).map(({ labels }) => labels['app.kubernetes.io/component']!)), 'operator'].filter(
    (component) => !['rabbitmq', 'database', 'emulator'].includes(component),
  );

describe.each(overlays)('the network of the overlay %s', (overlay) => {
  const manifests = render(overlay);
  const reaching = (to: End, port: number, protocol?: 'UDP'): string[] =>
    clients(manifests)
      .filter((component) => mayConnect(manifests, pod(component), to, port, protocol))
      .sort();

  it('lets a pod that no policy knows connect to nothing, and nothing to it', () => {
    const unknown = pod('unknown');
    for (const port of [80, 443, 5672, 8080]) {
      for (const end of [ELSEWHERE, BROKER, { address: '203.0.113.7' }]) {
        expect(mayConnect(manifests, unknown, end, port)).toBe(false);
        expect(mayConnect(manifests, end, unknown, port)).toBe(false);
      }
    }
  });

  it('lets only who asks ET reach the internet, and that by HTTPS', () => {
    expect(reaching({ address: '203.0.113.7' }, 443)).toEqual(['daily-sync', 'extractor']);
    expect(reaching({ address: '2001:db8::7' }, 443)).toEqual(['daily-sync', 'extractor']);
    expect(reaching({ address: '203.0.113.7' }, 80)).toEqual([]);
  });

  it("lets nobody reach the cloud's metadata, nodes or the company's other servers", () => {
    for (const address of ['169.254.169.254', '10.0.0.1', '172.20.0.1', '192.168.1.1', 'fd00::1']) {
      expect(reaching({ address }, 443)).toEqual([]);
    }
  });

  it('lets only the loader and what makes its tables reach the database', () => {
    const [database, port] = overlay === 'dev' ? [pod('database'), 5432] : [{ address: '10.20.30.40' }, 1433];
    expect(reaching(database, port)).toEqual(['loader', 'schema']);
    expect(reaching(database, 22)).toEqual([]);
  });

  it('lets all but what makes tables reach the broker', () => {
    const all = ['daily-sync', 'extractor', 'loader', 'operator', 'topology', 'transformer'];
    expect(reaching(BROKER, 5672)).toEqual(all);
    // Accounts are made there.
    expect(reaching(BROKER, 15672)).toEqual(['topology']);
    expect(mayConnect(manifests, ELSEWHERE, BROKER, 5672)).toBe(false);
  });

  it('lets all ask for names', () => {
    const dns: End = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
    expect(reaching(dns, 53, 'UDP')).toEqual(clients(manifests).sort());
    expect(reaching(dns, 53)).toEqual(clients(manifests).sort());
  });

  it('lets Prometheus and nobody else ask services for their figures', () => {
    for (const service of ['extractor', 'transformer', 'loader']) {
      expect(mayConnect(manifests, PROMETHEUS, pod(service), 8080)).toBe(true);
      expect(mayConnect(manifests, PROMETHEUS, pod(service), 5672)).toBe(false);
      expect(mayConnect(manifests, ELSEWHERE, pod(service), 8080)).toBe(false);
      expect(reaching(pod(service), 8080)).toEqual([]);
    }
    expect(mayConnect(manifests, PROMETHEUS, BROKER, 15692)).toBe(true);
    expect(mayConnect(manifests, PROMETHEUS, BROKER, 5672)).toBe(false);
  });

  it('lets KEDA ask how long queues are where it is used', () => {
    expect(mayConnect(manifests, KEDA, BROKER, 15672)).toBe(overlay === 'keda');
    expect(mayConnect(manifests, KEDA, BROKER, 5672)).toBe(false);
  });

  it("lets the broker's nodes talk to each other where there are more than one", () => {
    const clustered = ofKind(manifests, 'RabbitmqCluster').length > 0;
    for (const port of [4369, 25672, 35680]) expect(mayConnect(manifests, BROKER, BROKER, port)).toBe(clustered);
  });
});
