// Package matching assigns inspectors to drawn entities: legal teams, as many tasks as
// possible in the order of their tickets, loads as equal as possible, and who goes
// where at random among all that is left. Everything follows from the inputs and
// a key that nobody knew when they were fixed, on every machine alike.
//
//	NewDirectory         the inspectors' directory on a day
//	Directory.Problem    tasks, exclusions and forbidden pairs; its ID is announced
//	Problem.Assign       the roster, once the key is known
//	Problem.Check        what a roster claims, without repeating the matching
//	Problem.Verify       that it is the roster that follows from the key
//	Problem.Duty         changes after the fact
//
// # What holds
//
// Each team is full and has distinct inspectors with what their places ask for, none of
// them excluded from the task. A task is refused only if there is no way to keep it
// beside those before it, and each refusal comes with a [Region]: these places need
// so many inspectors, these are all who could go, they have room for fewer. The sum of
// squared loads is the least possible. Among all such assignments a random walk
// favours none; that it has mixed after its fixed number of steps is measured, not
// proven. Uniform is not minimax: where a statute caps the chance of a pair, the few
// who could go have to be made more.
//
// Pairs who must not be in one team are kept apart as far as exchanges within a fixed
// bound can do it; what is left is in the [Report], as not found, never as impossible.
//
// All is done in whole numbers. SPEC.md has every byte. All types but Duty are immutable
// and safe for concurrent use.
package matching
