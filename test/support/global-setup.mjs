// jest loads this file natively, so that it can register TypeScript before it imports any.
import '../../scripts/register-ts.js';

export default async function setUp() {
  const { prepareDatabases } = await import('./prepare-databases.ts');
  await prepareDatabases();
}
