package evaluate

import (
	"cmp"
	"math"
	"slices"
)

// pairModel sets expectation, standard deviation and chance where each member of a team answers for the whole visit, given what the others are
// like.
func (t *table) pairModel(r *Report) {
	m := t.model()
	m.fit()
	for i := range r.Inspectors {
		f := &r.Inspectors[i]
		f.Visits, f.Found, f.Effect = float64(f.Attended), float64(f.AttendedFound), m.effects[i]
		chance, variance := certain(0), 0.0
		for _, v := range t.attended[i] {
			p := m.chance(int(v), m.logOdds(int(v), m.effects)-m.effects[i])
			f.Expected += p
			variance += p * (1 - p)
			chance = chance.plusOne(p)
		}
		f.SD = math.Sqrt(variance)
		r.test(f, chance, f.Expected)
	}
}

// A model is that of logistic effects of inspectors: log odds of a visit = those of its stratum + effects of its team.
type model struct {
	*table
	offsets []float64 // log odds of strata, infinite where all visits were alike
	effects []float64 // of inspectors
	penalty float64   // 1 by the variance of effects; infinite if they do not differ more than by chance
}

// model returns the model without effects, but with their variance. It is that at which the squares of the scores, observed
// less expected for each inspector, are as great as they are: with V the covariance of scores by chance, the square of score m
// has the mean V_mm + σ²·Σ_k V_mk². No iteration is needed, and nothing has a choice.
func (t *table) model() *model {
	m := &model{table: t, offsets: make([]float64, len(t.strata)), effects: make([]float64, len(t.inspectors))}
	for h, s := range t.strata {
		m.offsets[h] = math.Log(float64(s.Found)) - math.Log(float64(s.Visits-s.Found))
	}
	type shared struct {
		a, b int32
		sum  float64
	}
	var pairs []shared
	score, own := make([]float64, len(t.inspectors)), make([]float64, len(t.inspectors))
	for v := range t.visits {
		visit := &t.visits[v]
		p := t.strata[visit.stratum].Rate()
		y := 0.0
		if visit.found {
			y = 1
		}
		for i, a := range visit.team {
			score[a] += y - p
			own[a] += p * (1 - p)
			for _, b := range visit.team[i+1:] {
				pairs = append(pairs, shared{a, b, p * (1 - p)})
			}
		}
	}
	excess, squares := 0.0, 0.0
	for i := range score {
		excess += score[i]*score[i] - own[i]
		squares += own[i] * own[i]
	}
	slices.SortStableFunc(pairs, func(x, y shared) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	for from := 0; from < len(pairs); {
		to, sum := from, 0.0
		for ; to < len(pairs) && pairs[to].a == pairs[from].a && pairs[to].b == pairs[from].b; to++ {
			sum += pairs[to].sum
		}
		squares += 2 * sum * sum
		from = to
	}
	const most = 4 // a standard deviation of 2 in log odds: more tells no more apart
	m.penalty = math.Inf(1)
	if excess > 0 {
		m.penalty = max(1.0/most, squares/excess)
	}
	return m
}

// logOdds returns the sum of effects of the team of a visit.
func (m *model) logOdds(v int, effects []float64) (sum float64) {
	for _, i := range m.visits[v].team {
		sum += effects[i]
	}
	return sum
}

// chance returns the probability of a finding at a visit, if the team adds something to the log odds.
func (m *model) chance(v int, added float64) float64 {
	return 1 / (1 + math.Exp(-(m.offsets[m.visits[v].stratum] + added))) // 0 or 1 at an infinite offset
}

// fit sets the effects to the maximum of the penalised likelihood by Newton's method, with conjugate gradients for each step. The
// function is strictly concave, so that there is one maximum. All inspectors are moved together: two who are always a
// pair get the same effect, whoever is first in the list.
func (m *model) fit() {
	if math.IsInf(m.penalty, 1) {
		return
	}
	n := len(m.effects)
	weights, diagonal := make([]float64, len(m.visits)), make([]float64, n)
	value := m.likelihood(m.effects)
	for range 100 {
		gradient := make([]float64, n)
		for i, e := range m.effects {
			gradient[i], diagonal[i] = -m.penalty*e, m.penalty
		}
		for v := range m.visits {
			visit := &m.visits[v]
			p := m.chance(v, m.logOdds(v, m.effects))
			residual := -p
			if visit.found {
				residual = 1 - p
			}
			weights[v] = p * (1 - p)
			for _, i := range visit.team {
				gradient[i] += residual
				diagonal[i] += weights[v]
			}
		}
		step := m.solve(gradient, weights, diagonal)
		next, size := make([]float64, n), 1.0
		for {
			most := 0.0
			for i := range next {
				next[i] = m.effects[i] + size*step[i]
				most = max(most, math.Abs(size*step[i]))
			}
			if most < 1e-9 {
				return
			}
			if v := m.likelihood(next); v >= value {
				value = v
				break
			}
			size /= 2
		}
		m.effects = next
	}
}

// likelihood returns the logarithm of the penalised likelihood.
func (m *model) likelihood(effects []float64) (sum float64) {
	for _, e := range effects {
		sum -= m.penalty * e * e / 2
	}
	for v := range m.visits {
		visit := &m.visits[v]
		x := m.offsets[visit.stratum]
		if math.IsInf(x, 0) {
			continue // certain whatever the effects
		}
		x += m.logOdds(v, effects)
		if visit.found {
			x = -x
		}
		// log(1 + exp(x)) without overflow
		sum -= max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
	}
	return sum
}

// solve returns x with (Xᵀ·weights·X + penalty)·x = b, where X says who was at which visit, by conjugate gradients with the diagonal as
// preconditioner (Hestenes and Stiefel, 1952).
func (m *model) solve(b, weights, diagonal []float64) []float64 {
	n := len(b)
	x, r, direction, image := make([]float64, n), slices.Clone(b), make([]float64, n), make([]float64, n)
	previous, first := 0.0, 0.0
	for round := range 1000 {
		product := 0.0
		for i := range r {
			product += r[i] * r[i] / diagonal[i]
		}
		if round == 0 {
			first = product
		}
		if product <= first*1e-20 {
			break
		}
		beta := 0.0
		if round > 0 {
			beta = product / previous
		}
		previous = product
		for i := range direction {
			direction[i] = r[i]/diagonal[i] + beta*direction[i]
			image[i] = m.penalty * direction[i]
		}
		for v := range m.visits {
			moved := weights[v] * m.logOdds(v, direction)
			for _, i := range m.visits[v].team {
				image[i] += moved
			}
		}
		along := 0.0
		for i := range image {
			along += direction[i] * image[i]
		}
		for i := range x {
			x[i] += product / along * direction[i]
			r[i] -= product / along * image[i]
		}
	}
	return x
}
