import { describe, expect, it } from '@jest/globals';
import { describeAccess } from './answers/describe-access.js';
import { describeApi } from './answers/describe-api.js';
import { describeConditions } from './answers/describe-conditions.js';
import { describeFaults } from './answers/describe-faults.js';
import { describeForwardAuth } from './answers/describe-forward-auth.js';
import { describeForms } from './answers/describe-forms.js';
import { describeRefusals } from './answers/describe-refusals.js';
import { describeSamples } from './answers/describe-samples.js';
import { describeSignIn } from './answers/describe-sign-in.js';
import { Contract } from './support/contract.js';

const contract = new Contract();

describe('answers are as openapi.yaml declares them', () => {
  describeSamples(contract);
  describeConditions(contract);
  describeRefusals(contract);
  describeForms(contract);
  describeFaults(contract);
  describeApi(contract);
  describeAccess(contract);
  describeForwardAuth(contract);
  describeSignIn(contract);

  it('and each that it declares was given', () => {
    expect(contract.missing).toEqual([]);
  });
});
