package draw

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// SpecTexts gives the tests of the packages below the grammar of SPEC.md: it
// returns a function that makes a random text of a production, and one that
// reports whether a text is of a production.
func SpecTexts(t testing.TB, rng *rand.Rand) (random func(name string) string, matching func(name, text string) bool) {
	grammar := specGrammar(t)
	random = func(name string) string {
		var b strings.Builder
		generate(grammar, grammar[name].Expr, rng, &b)
		return b.String()
	}
	return random, func(name, text string) bool { return matches(grammar, name, text) }
}
