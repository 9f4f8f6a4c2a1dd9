package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/doublerandom/doublerandom/matching/conflict"
	"github.com/jackc/pgx/v5"
)

// The queries of the conflicts. The registry's natural persons and shares are as many as its
// companies: of them only those are read that an inspector's relatives lead to. What is
// a conflict is for package conflict to say; the queries must not leave out anything that
// the rules could want, nor know them better.
const (
	roundSQL   = `SELECT coalesce(max(round), 0) + 1 FROM scjg.i_inspection`
	personsSQL = `SELECT rybh, personid FROM scjg.z_inspector ORDER BY rybh`
	kinSQL     = `SELECT sbid, personid, relpersonid FROM scjg.z_kinship ORDER BY sbid`

	officesSQL = `SELECT o.ppid, o.personid, c.code FROM scjg.e_priperson o JOIN ssj.v_code c USING (pripid)
		WHERE o.personid IN (SELECT ssj.f_near($1)) ORDER BY o.ppid`

	// Shares of the same persons, and of the companies that they hold, link by link.
	sharesSQL = `WITH RECURSIVE held (invid, pripid, link) AS (
			SELECT invid, pripid, 1 FROM scjg.e_inv WHERE inv_personid IN (SELECT ssj.f_near($1))
			UNION
			SELECT v.invid, v.pripid, h.link + 1 FROM held h JOIN scjg.e_inv v ON v.inv_pripid = h.pripid WHERE h.link < $2
		)
		SELECT v.invid, coalesce('P' || v.inv_personid, holder.code), c.code, (v.conprop * 10000)::bigint
		FROM scjg.e_inv v JOIN ssj.v_code c USING (pripid) LEFT JOIN ssj.v_code holder ON holder.pripid = v.inv_pripid
		WHERE v.invid IN (SELECT invid FROM held) ORDER BY v.invid`

	resumesSQL  = `SELECT r.llid, r.rybh, c.code, coalesce(r.dateto::text, '') FROM scjg.z_resume r JOIN ssj.v_code c USING (pripid) ORDER BY r.llid`
	recusalsSQL = `SELECT r.sqid, r.rybh, c.code, r.reason FROM scjg.z_recusal r JOIN ssj.v_code c USING (pripid) ORDER BY r.sqid`
	visitsSQL   = `SELECT i.insid, i.round, c.code, array_agg(v.rybh::text ORDER BY v.rybh) AS crew
		FROM scjg.i_inspection i JOIN scjg.i_inspector v USING (insid) JOIN ssj.v_code c USING (pripid)
		WHERE i.round >= $1 GROUP BY i.insid, i.round, c.code ORDER BY i.insid`
)

// conflictRules are those of the draw: relatives by marriage of the second degree, shares of
// one in twenty, three years after leaving, a year of rounds.
func conflictRules() conflict.Rules {
	return conflict.Rules{Degrees: 2, SharePPM: 50_000, CoolingOff: 36, Entity: 4, Pair: 1}
}

// maxLinks is how long a chain of shares may be that package conflict follows.
const maxLinks = 5

// Tables are the rows for the rules, and which row of the database each of them is.
type tables struct {
	conflict.Tables
	round uint64              // the one to come
	rows  map[string][]string // by the names of package conflict: "kin" has "scjg.z_kinship 7", …
}

// find applies the rules on a day.
func (t *tables) find(day string) (*conflict.Found, error) {
	return conflict.Expand(conflictRules(), &t.Tables, day, t.round)
}

// trace returns the database's names of the rows that a conflict comes from.
func (t *tables) trace(source conflict.Source) ([]string, error) {
	var list []string
	for _, row := range source.Rows {
		table, number, _ := strings.Cut(row, " ")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(t.rows[table]) {
			return nil, fmt.Errorf("no row of the database is %q", row)
		}
		list = append(list, t.rows[table][n-1])
	}
	return list, nil
}

func (t *tables) note(kind, table string, key any) {
	t.rows[kind] = append(t.rows[kind], fmt.Sprint("scjg.", table, " ", key))
}

func personID(id int64) string { return "P" + strconv.FormatInt(id, 10) }

func (r *reading) readConflicts(ctx context.Context, tx pgx.Tx) error {
	t := &tables{rows: map[string][]string{}}
	r.conflicts = t
	if err := tx.QueryRow(ctx, roundSQL).Scan(&t.round); err != nil {
		return err
	}
	rules := conflictRules()
	var key, a, b int64
	var inspector, entity, text string
	err := each(ctx, tx, personsSQL, nil, []any{&inspector, &a}, func() error {
		t.Persons = append(t.Persons, conflict.Person{Inspector: inspector, Person: personID(a)})
		t.note("person", "z_inspector", inspector)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, kinSQL, nil, []any{&key, &a, &b}, func() error {
		t.Kin = append(t.Kin, conflict.Kin{A: personID(a), B: personID(b)})
		t.note("kin", "z_kinship", key)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, officesSQL, []any{rules.Degrees}, []any{&key, &a, &entity}, func() error {
		t.Offices = append(t.Offices, conflict.Office{Person: personID(a), Entity: entity})
		t.note("office", "e_priperson", key)
		return nil
	})
	if err != nil {
		return err
	}
	var ppm uint64
	err = each(ctx, tx, sharesSQL, []any{rules.Degrees, maxLinks}, []any{&key, &text, &entity, &ppm}, func() error {
		t.Shares = append(t.Shares, conflict.Share{Holder: text, Entity: entity, PPM: ppm})
		t.note("share", "e_inv", key)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, resumesSQL, nil, []any{&key, &inspector, &entity, &text}, func() error {
		t.Employments = append(t.Employments, conflict.Employment{Inspector: inspector, Entity: entity, Until: text})
		t.note("employment", "z_resume", key)
		return nil
	})
	if err != nil {
		return err
	}
	err = each(ctx, tx, recusalsSQL, nil, []any{&key, &inspector, &entity, &text}, func() error {
		t.Recusals = append(t.Recusals, conflict.Recusal{Inspector: inspector, Entity: entity, Reason: text})
		t.note("recusal", "z_recusal", key)
		return nil
	})
	if err != nil {
		return err
	}
	var round uint64
	var crew []string
	oldest := int64(t.round) - int64(max(rules.Entity, rules.Pair))
	return each(ctx, tx, visitsSQL, []any{oldest}, []any{&key, &round, &entity, &crew}, func() error {
		t.Visits = append(t.Visits, conflict.Visit{Round: round, Entity: entity, Inspectors: crew})
		t.note("visit", "i_inspection", key)
		crew = nil // kept: the next row needs a slice of its own
		return nil
	})
}
