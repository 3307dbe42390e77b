import type { Adapter, AdapterPayload } from 'oidc-provider';

/** What one provider remembers, in memory: its own clients, codes and sessions, apart from every other provider's. */
export class ProviderStore {
  readonly #payloads = new Map<string, AdapterPayload>();

  adapter(model: string): Adapter {
    const payloads = this.#payloads;
    const keyOf = (id: string): string => `${model}:${id}`;
    const findBy = (isMatch: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
      [...payloads].find(([key, payload]) => key.startsWith(`${model}:`) && isMatch(payload))?.[1];
    return {
      upsert: (id, payload) => settled(void payloads.set(keyOf(id), payload)),
      find: (id) => settled(payloads.get(keyOf(id))),
      findByUid: (uid) => settled(findBy((payload) => payload.uid === uid)),
      findByUserCode: (userCode) => settled(findBy((payload) => payload.userCode === userCode)),
      consume: (id) => {
        const payload = payloads.get(keyOf(id));
        if (payload) payloads.set(keyOf(id), { ...payload, consumed: true });
        return settled(undefined);
      },
      destroy: (id) => settled(void payloads.delete(keyOf(id))),
      revokeByGrantId: (grantId) => {
        for (const [key, payload] of payloads) if (payload.grantId === grantId) payloads.delete(key);
        return settled(undefined);
      },
    };
  }
}

const settled = <T>(value: T): Promise<T> => Promise.resolve(value);
