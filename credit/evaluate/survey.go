package evaluate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/doublerandom/doublerandom/internal/label"
)

// MinReplies is the smallest group of respondents of which anything is said.
const MinReplies = 5

// MaxScale is the greatest number of points of a question's scale, MaxQuestions that of questions.
const (
	MaxScale     = 100
	MaxQuestions = 100
)

// A Reply is what one respondent says of one inspector. IDs and labels are 1–64 bytes without spaces and control characters.
type Reply struct {
	Respondent string // only to see that nobody replies twice; it does not leave the package
	Department string // or another unit of inspectors
	Inspector  string // of a team the one whom the reply is about
	Scores     []int  // of each question, 1 to the points of the scale; all questions are answered
	Complaint  bool   // whether there is one
}

// A Survey is what the replies say of all, of departments and of inspectors.
type Survey struct {
	All         Answers             // to all replies
	Departments []DepartmentAnswers // those of which something can be said, sorted by their labels
	Others      *Answers            // the replies on all other departments together; nil if there are none
}

// DepartmentAnswers are those on a department.
type DepartmentAnswers struct {
	Department string             // its label
	Answers                       // to all replies on it
	Inspectors []InspectorAnswers // those of whom something can be said, sorted by their IDs
	Others     *Answers           // the replies on all other inspectors together; nil if no inspector, or every one, is listed
}

// InspectorAnswers are those on an inspector.
type InspectorAnswers struct {
	Inspector string // ID
	Answers          // to the replies on the inspector
}

// Answers are those of at least [MinReplies] respondents.
type Answers struct {
	Replies int    // how many
	Means   []Mean // of each question
	// Complaints is how many complain; -1 if it is withheld.
	Complaints int
}

// A Mean is the mean of scores with an interval that follows from the mean and the number of replies alone: the spread of
// the scores of five respondents would tell what each has said. Scores on a scale from 1 to m with a given mean vary most if
// all are 1 or m, so that Wilson's interval for the share (mean − 1)/(m − 1) is wide enough for any.
type Mean struct {
	Mean     float64  // of the scores
	Interval Interval // of the mean
}

// Summarise counts replies so that no group of fewer than five can be seen or worked out, for scales of the given number of points (2 to
// [MaxScale]) and intervals of the given level:
//
//   - Every respondent replies once, so that groups do not overlap. The groups are a partition: what can be had by subtracting is
//     again some of the groups.
//   - Inspectors with fewer than five replies are put together as Others; so are those with the smallest number of the rest, all of them, if
//     otherwise the Others' total would say how many replies each had (a single one; fewer than five in all; four for each). Then the total, and who
//     is missing, fit other numbers for each of them (complementary suppression: Hundepool and others, 2012). In the same way for departments.
//   - Complaints of a group are given if at least five complain and at least five do not. Those of a department are given if
//     they follow from its groups, or if the rest is at least five and each group of the rest can have had from 0 to 4 of it, and more than one of these
//     numbers.
//
// Summaries of overlapping replies, such as of a month and of the year that it is in, can be subtracted from each other: publish one. A
// mean at the end of the scale says what everybody answered; it is not hidden.
//
// It returns an error if the scale, the level or a reply is not valid, if a respondent is there twice, and if there are fewer than five replies.
func Summarise(replies []Reply, scale int, level float64) (*Survey, error) {
	s := summary{scale: scale, level: level}
	if err := s.check(replies); err != nil {
		return nil, err
	}
	departments := groupBy(replies, func(r Reply) string { return r.Department })
	names := slices.Sorted(maps.Keys(departments))
	listed := listed(sizes(names, departments))
	survey := &Survey{All: s.answers(replies)}
	parts, rest := []*Answers{}, []Reply(nil)
	for i, name := range names {
		if listed[i] {
			survey.Departments = append(survey.Departments, s.department(name, departments[name]))
		} else {
			rest = append(rest, departments[name]...)
		}
	}
	for i := range survey.Departments {
		parts = append(parts, &survey.Departments[i].Answers)
	}
	if len(parts) > 0 && len(rest) > 0 {
		others := s.answers(rest)
		survey.Others = &others
		parts = append(parts, survey.Others)
	}
	if len(parts) > 0 {
		survey.All.Complaints = sumOf(parts)
	}
	return survey, nil
}

type summary struct {
	scale int
	level float64
}

func (s summary) check(replies []Reply) error {
	switch {
	case s.scale < 2 || s.scale > MaxScale:
		return fmt.Errorf("evaluate: scale of %d points, expected 2 to %d", s.scale, MaxScale)
	case !(s.level > 0 && s.level < 1):
		return fmt.Errorf("evaluate: level %v, expected between 0 and 1", s.level)
	case len(replies) < MinReplies:
		return fmt.Errorf("evaluate: fewer than %d replies", MinReplies)
	case len(replies[0].Scores) > MaxQuestions:
		return fmt.Errorf("evaluate: %d questions, expected at most %d", len(replies[0].Scores), MaxQuestions)
	}
	seen := make(map[string]bool, len(replies))
	for i, r := range replies {
		// Errors name the place of the reply, not the respondent: they end up in logs.
		for _, field := range [...]struct{ name, text string }{{"respondent", r.Respondent}, {"department", r.Department}, {"inspector", r.Inspector}} {
			if problem := label.Check(field.text); problem != "" {
				return fmt.Errorf("evaluate: reply %d: %s %s", i+1, field.name, problem)
			}
		}
		if seen[r.Respondent] {
			return fmt.Errorf("evaluate: reply %d: the respondent has replied before", i+1)
		}
		seen[r.Respondent] = true
		if len(r.Scores) != len(replies[0].Scores) {
			return fmt.Errorf("evaluate: reply %d: %d scores, expected %d", i+1, len(r.Scores), len(replies[0].Scores))
		}
		for _, score := range r.Scores {
			if score < 1 || score > s.scale {
				return fmt.Errorf("evaluate: reply %d: score %d, expected 1 to %d", i+1, score, s.scale)
			}
		}
	}
	return nil
}

func groupBy(replies []Reply, name func(Reply) string) map[string][]Reply {
	groups := map[string][]Reply{}
	for _, r := range replies {
		groups[name(r)] = append(groups[name(r)], r)
	}
	return groups
}

func sizes(names []string, groups map[string][]Reply) []int {
	n := make([]int, len(names))
	for i, name := range names {
		n[i] = len(groups[name])
	}
	return n
}

// listed says which of several groups, with one reply or more each, can be listed by themselves beside their total. That the
// others cannot be worked out, even by somebody who knows this function, is seen from other numbers with the same outcome. They are
// allowed to have 1 to 4 with a sum that is neither the least nor the greatest of those: then one can have more and another less. Otherwise
// some with the smallest number of five or more are among them, and any two can have changed places. If the
// numbers are four on average, nothing is listed, as nothing would be if all had four.
func listed(sizes []int) []bool {
	list := make([]bool, len(sizes))
	total, small, groups, next := 0, 0, 0, 0
	for _, n := range sizes {
		total += n
		switch {
		case n < MinReplies:
			small += n
			groups++
		case next == 0 || n < next:
			next = n
		}
	}
	if len(sizes) > 1 && total == (MinReplies-1)*len(sizes) {
		return list
	}
	if groups > 0 && !(small >= MinReplies && small < (MinReplies-1)*groups) {
		next++ // those with the smallest number are not listed, either
	}
	for i, n := range sizes {
		list[i] = n >= MinReplies && n >= next
	}
	return list
}

// department returns the answers on a department with at least five replies.
func (s summary) department(name string, replies []Reply) DepartmentAnswers {
	d := DepartmentAnswers{Department: name, Answers: s.answers(replies)}
	inspectors := groupBy(replies, func(r Reply) string { return r.Inspector })
	names := slices.Sorted(maps.Keys(inspectors))
	listed := listed(sizes(names, inspectors))
	var parts []*Answers
	var groups [][]Reply
	var rest []Reply
	for i, inspector := range names {
		if listed[i] {
			d.Inspectors = append(d.Inspectors, InspectorAnswers{inspector, s.answers(inspectors[inspector])})
			groups = append(groups, inspectors[inspector])
		} else {
			rest = append(rest, inspectors[inspector]...)
		}
	}
	for i := range d.Inspectors {
		parts = append(parts, &d.Inspectors[i].Answers)
	}
	if len(parts) == 0 {
		return d
	}
	if len(rest) > 0 {
		others := s.answers(rest)
		d.Others = &others
		parts, groups = append(parts, d.Others), append(groups, rest)
	}
	d.Complaints = sumOf(parts)
	if d.Complaints < 0 && restIsSafe(parts, groups) {
		d.Complaints = complaints(replies)
	}
	return d
}

// restIsSafe reports whether the complaints of all groups whose own are withheld may be told together. It depends on their sum
// alone, and what it allows could have been any of several numbers for each.
func restIsSafe(parts []*Answers, groups [][]Reply) bool {
	withheld, complain, replies := 0, 0, 0
	for i, p := range parts {
		if p.Complaints < 0 {
			withheld++
			complain += complaints(groups[i])
			replies += p.Replies
		}
	}
	return complain >= MinReplies && complain < (MinReplies-1)*withheld && replies-complain >= MinReplies
}

// sumOf returns the sum of complaints, or -1 if one is withheld.
func sumOf(parts []*Answers) (sum int) {
	for _, p := range parts {
		if p.Complaints < 0 {
			return -1
		}
		sum += p.Complaints
	}
	return sum
}

func complaints(replies []Reply) (n int) {
	for _, r := range replies {
		if r.Complaint {
			n++
		}
	}
	return n
}

// answers returns what a group of at least five says.
func (s summary) answers(replies []Reply) Answers {
	if len(replies) < MinReplies {
		panic("evaluate: a group of fewer than five")
	}
	n := float64(len(replies))
	a := Answers{Replies: len(replies), Complaints: complaints(replies)}
	if a.Complaints < MinReplies || a.Replies-a.Complaints < MinReplies {
		a.Complaints = -1
	}
	for q := range replies[0].Scores {
		points := 0
		for _, r := range replies {
			points += r.Scores[q] - 1
		}
		steps := float64(s.scale - 1)
		i := Wilson(float64(points)/steps, n, s.level)
		a.Means = append(a.Means, Mean{1 + float64(points)/n, Interval{1 + i.Low*steps, 1 + i.High*steps}})
	}
	return a
}

// String returns the answers as one line, such as "12 replies, means 4.2 3.9, complaints withheld".
func (a Answers) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d replies", a.Replies)
	for i, m := range a.Means {
		if i == 0 {
			b.WriteString(", means")
		}
		fmt.Fprintf(&b, " %.1f", m.Mean)
	}
	if a.Complaints < 0 {
		b.WriteString(", complaints withheld")
	} else {
		fmt.Fprintf(&b, ", %d complaints", a.Complaints)
	}
	return b.String()
}
