import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { queuesOf, WAIT_MS } from '#contracts';
import { ofKind, render } from './manifests.js';

const scaled = ofKind<IScaledObject>(render('keda'), 'ScaledObject');

describe.each([
  ['extractor', 1],
  ['transformer', 0],
  ['loader', 1],
] as const)('how KEDA scales the %s', (service, fewest) => {
  const { spec } = scaled.find(({ spec: { scaleTargetRef } }) => scaleTargetRef.name === service)!;

  it('watches every queue the service takes from, and no other', () => {
    const queues = queuesOf(service).flatMap(({ queue, reply }) => (reply ? [queue] : [queue, `${queue}.again`]));
    expect(spec.triggers.map(({ metadata }) => metadata['queueName']).sort()).toEqual(queues.sort());
  });

  // KEDA's schema takes triggers that lack any of this; they only fail once they are asked.
  it('asks the management API, so that messages in hand count', () => {
    for (const { type, metadata, authenticationRef } of spec.triggers) {
      expect(type).toBe('rabbitmq');
      expect(metadata).toEqual({
        protocol: 'http',
        mode: 'QueueLength',
        queueName: expect.any(String) as string,
        value: expect.stringMatching(/^[1-9]\d*$/) as string,
      });
      expect(authenticationRef).toEqual({ name: 'broker-management' });
    }
  });

  it(`keeps at least ${fewest}`, () => {
    expect(spec.minReplicaCount).toBe(fewest);
    expect(spec.scaleTargetRef).toEqual({ name: service });
    expect(spec.maxReplicaCount).toBeGreaterThan(1);
    expect(spec.idleReplicaCount).toBeUndefined();
  });

  it('takes nothing away while messages that were set aside may come back', () => {
    const { stabilizationWindowSeconds } = spec.advanced?.horizontalPodAutoscalerConfig?.behavior?.scaleDown ?? {};
    expect(spec.cooldownPeriod! * 1000).toBeGreaterThan(2 * WAIT_MS);
    expect(stabilizationWindowSeconds! * 1000).toBeGreaterThan(2 * WAIT_MS);
  });

  it('takes nothing away while the management API is away', () => {
    expect(spec.fallback).toMatchObject({ replicas: 1, behavior: 'currentReplicasIfHigher' });
  });
});

describe("KEDA's way to the broker", () => {
  it('gets the whole URL, password and all, from a secret', () => {
    const [authentication, ...others] = ofKind(render('keda'), 'TriggerAuthentication');
    expect(others).toEqual([]);
    expect(authentication).toMatchObject({
      metadata: { name: 'broker-management' },
      spec: { secretTargetRef: [{ parameter: 'host', name: 'et-etl-broker-keda', key: 'MANAGEMENT_URL' }] },
    });
  });
});
