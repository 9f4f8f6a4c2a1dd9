// Package city makes the inspectors and tasks of a large city, for tests and
// benchmarks: 26,520 inspectors in 37 city and 322 district departments, forty kinds of
// certificates, and exclusions of about 1 % of those who could go. The same numbers
// give the same city.
package city

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"

	"github.com/doublerandom/doublerandom/matching"
)

// The size of the city.
const (
	Inspectors  = 26_520
	CityUnits   = 37
	Districts   = 322
	kinds       = 40
	Day         = "2026-12-01"
	perDistrict = 3 // certificates of an inspector, at most
)

// A City is a directory and what to fill from it.
type City struct {
	Directory  *matching.Directory  // 26,520 inspectors
	Tasks      []matching.Task      // each for a team of two
	Exclusions []matching.Exclusion // about one for every second task
	Forbidden  []matching.Pair      // about three for each inspector
}

// department returns the name of one of the 359 departments.
func department(n int) string {
	if n < CityUnits {
		return fmt.Sprintf("3702-%02d", n)
	}
	return fmt.Sprintf("3702%02d-%03d", 2+n%12, n)
}

// New returns the city with a number of tasks, each for a team of two, one of whom
// leads every third. If it is tight some departments have so little capacity that about
// one task in fifteen is refused.
func New(tasks int, tight bool) City {
	rng := rand.New(rand.NewPCG(20171231, 26520))
	var c City
	// Departments differ in size and in the kinds that they need.
	departments := CityUnits + Districts
	home := make([]int, Inspectors)
	perDepartment := make([]int, departments)
	for i := range home {
		home[i] = i % departments
		if i >= 20*departments { // the rest goes to some
			home[i] = rng.IntN(departments/4) * 4 % departments
		}
		perDepartment[home[i]]++
	}
	kindsOf := make([][]int, departments)
	for d := range kindsOf {
		for range 7 {
			kindsOf[d] = append(kindsOf[d], rng.IntN(kinds))
		}
	}
	places := make([]int, departments)
	for t := range tasks {
		d := rng.IntN(departments)
		area, kind := department(d), fmt.Sprintf("kind-%02d", kindsOf[d][rng.IntN(7)])
		task := matching.Task{ID: fmt.Sprintf("91370200MA%08d", t), Places: []matching.Place{{Area: area, Certificate: kind}, {Area: area, Certificate: kind}}}
		if t%3 == 0 {
			task.Places[0].Role = "lead"
		}
		places[d] += 2
		c.Tasks = append(c.Tasks, task)
	}
	inspectors := make([]matching.Inspector, Inspectors)
	for i := range inspectors {
		d := home[i]
		in := &inspectors[i]
		in.ID = fmt.Sprintf("370200%06d", i)
		in.Areas = []string{department(d)}
		if i%5 == 0 && d >= CityUnits { // some city department lends a hand
			in.Areas = append(in.Areas, department(d%CityUnits))
		}
		// Enough for all, and a third more; in a tight city some departments lack.
		in.Capacity = 1 + places[d]*4/(3*perDepartment[d])
		if tight && d%9 == 4 {
			in.Capacity = max(1, places[d]/(3*perDepartment[d]))
		}
		if rng.IntN(3) == 0 {
			in.Roles = []string{"lead"}
		}
		in.Carried = rng.IntN(6) / 4
		first := rng.IntN(7)
		for k := range perDistrict + 1 {
			in.Certificates = append(in.Certificates, matching.Certificate{Kind: fmt.Sprintf("kind-%02d", kindsOf[d][(first+k)%7]), From: "2025-01-01", To: "2027-12-31"})
		}
	}
	byHome := make([][]int, departments)
	for i, d := range home {
		byHome[d] = append(byHome[d], i)
	}
	for t := range c.Tasks {
		if rng.IntN(2) == 0 { // about 1 % of those of the department
			d := -1
			for k := range departments {
				if department(k) == c.Tasks[t].Places[0].Area {
					d = k
					break
				}
			}
			who := byHome[d][rng.IntN(len(byHome[d]))]
			c.Exclusions = append(c.Exclusions, matching.Exclusion{Task: c.Tasks[t].ID, Inspector: inspectors[who].ID, Reason: "kinship"})
		}
	}
	for i := range inspectors {
		for range 3 {
			other := byHome[home[i]][rng.IntN(len(byHome[home[i]]))]
			if other != i {
				c.Forbidden = append(c.Forbidden, matching.Pair{A: inspectors[i].ID, B: inspectors[other].ID, Reason: "rotation"})
			}
		}
	}
	var err error
	if c.Directory, err = matching.NewDirectory(sha256.New, Day, inspectors); err != nil {
		panic("city: " + err.Error())
	}
	return c
}

// Problem returns the problem of filling the tasks.
func (c City) Problem() *matching.Problem {
	p, err := c.Directory.Problem(c.Tasks, c.Exclusions, c.Forbidden)
	if err != nil {
		panic("city: " + err.Error())
	}
	return p
}
