import type { Plan, PlanReply } from './plan.ts';
import { runPlan } from './run-plan.ts';

const reply = (message: PlanReply): void => void process.send?.(message);

process.on('message', (plan: Plan) => {
  runPlan(plan).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
