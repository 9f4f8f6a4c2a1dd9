package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/doublerandom/doublerandom/registry"
	"github.com/jackc/pgx/v5"
)

// The queries of the reading. Companies come in the order of the primary key, so that the
// same database gives the same registry: of two rows with one code the first is kept.
const (
	setDaySQL     = `SELECT set_config('ssj.day', $1, true)`
	snapshotSQL   = `SELECT pg_current_snapshot()::text`
	divisionsSQL  = `SELECT code, codename, validfrom::text, validto::text, succcode FROM scjg.d_xzqh ORDER BY code, validfrom`
	industriesSQL = `SELECT industryco, industryphy, industryname FROM scjg.d_industry ORDER BY industryco`
	orgsSQL       = `SELECT orgid, orgname, coalesce(parentid, ''), xzqh, orglevel FROM scjg.g_org ORDER BY orgid`
	entitiesSQL   = `SELECT pripid, uniscid, entname, regstate, industryco, division, estdate, lastdate, riskclass, visits FROM ssj.v_entity ORDER BY pripid`
	notDrawnSQL   = `SELECT DISTINCT ON (c.code) c.code, n.reason FROM scjg.e_notdraw n JOIN ssj.v_code c USING (pripid)
		WHERE n.validto IS NULL OR n.validto >= $1::date ORDER BY c.code, n.pripid`
	inspectorsSQL = `SELECT i.rybh, p.pname, i.orgid, i.zzzt, i.zzzg, i.maxtask, i.carried, c.kinds, c.froms, c.tos
		FROM scjg.z_inspector i JOIN scjg.r_person p USING (personid)
		LEFT JOIN (SELECT rybh, array_agg(zslx::text ORDER BY zsid) AS kinds, array_agg(validfrom::text ORDER BY zsid) AS froms,
			array_agg(validto::text ORDER BY zsid) AS tos FROM scjg.z_certificate GROUP BY rybh) c USING (rybh)
		ORDER BY i.rybh`
)

// columns says which column of entitiesSQL is which field of a registry.
const columns = "id=uniscid,name=entname,status=regstate,industry=industryco,edition=2017,division=division,founded=estdate,inspected=lastdate,attr=riskclass,attr=visits,attr=pripid"

// maxReported bounds how many problems are written back: all of them, but in a registry that
// is of no use.
const maxReported = 1_000_000

// snapshot returns how everything is read: the transaction sees one state of the database, whatever
// others write meanwhile, and can change nothing.
func snapshot() pgx.TxOptions {
	return pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
}

// A reading is what was read of the system in one snapshot.
type reading struct {
	day       registry.Date
	snapshot  string // of the database, as PostgreSQL names it
	divisions *registry.Divisions
	orgs      *registry.Departments
	successor map[string]string // of an abolished division
	orgOf     map[string]string // department in charge of a division, abolished ones too
	entities  *registry.Registry
	report    *registry.Report
	took      time.Duration     // the companies alone
	excluded  map[string]string // codes with their reason
	crew      *registry.Inspectors
	capacity  map[string]int
	carried   map[string]int
	conflicts *tables
}

// read reads everything in one snapshot.
func read(ctx context.Context, conn *pgx.Conn, day registry.Date) (*reading, error) {
	r := &reading{day: day}
	err := pgx.BeginTxFunc(ctx, conn, snapshot(), func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, snapshotSQL).Scan(&r.snapshot); err != nil {
			return err
		}
		for _, step := range []struct {
			what string
			read func(context.Context, pgx.Tx) error
		}{
			{"divisions", r.readDivisions},
			{"departments", r.readOrgs},
			{"companies", r.readEntities},
			{"companies that are not to be drawn", r.readExcluded},
			{"inspectors", r.readInspectors},
			{"conflicts of interest", r.readConflicts},
		} {
			if err := step.read(ctx, tx); err != nil {
				return fmt.Errorf("reading the %s: %w", step.what, err)
			}
		}
		return nil
	})
	return r, err
}

// setDay tells the views the day; it holds until the transaction ends.
func setDay(ctx context.Context, tx pgx.Tx, day registry.Date) error {
	_, err := tx.Exec(ctx, setDaySQL, day.String())
	return err
}

// readEntities streams the companies into a registry: each row goes from the connection's
// buffer through the checks, and none is held besides.
func (r *reading) readEntities(ctx context.Context, tx pgx.Tx) error {
	industries, err := readIndustries(ctx, tx)
	if err != nil {
		return err
	}
	if err := setDay(ctx, tx, r.day); err != nil {
		return err
	}
	columns, err := registry.ParseColumns(columns)
	if err != nil {
		return err
	}
	start := time.Now()
	// Text, since that is what the registry reads; days and numbers are not taken apart twice.
	found, err := tx.Query(ctx, entitiesSQL, pgx.QueryResultFormats{pgx.TextFormatCode})
	if err != nil {
		return err
	}
	defer found.Close()
	r.entities, r.report, err = registry.ReadRows(rows{found}, columns, registry.Checks{
		On: r.day, Codes: true, Divisions: r.divisions, Industries: industries, MaxReported: maxReported,
	})
	r.took = time.Since(start)
	return err
}

// Rows are the rows of pgx as package registry reads them. Their values must be in the text
// format.
type rows struct{ pgx.Rows }

// Columns returns the columns' names.
func (r rows) Columns() ([]string, error) {
	var names []string
	for _, f := range r.FieldDescriptions() {
		if f.Format != pgx.TextFormatCode {
			return nil, fmt.Errorf("column %q is not in the text format", f.Name)
		}
		names = append(names, f.Name)
	}
	return names, nil
}

// Scan hands the row's values to scanners as they came over the wire. The Scan of pgx would
// do it too, but it ends the query at the first value that a scanner refuses, where the
// registry goes on and reports the row.
func (r rows) Scan(dest ...any) error {
	for i, value := range r.RawValues() {
		var err error
		if value == nil {
			err = dest[i].(sql.Scanner).Scan(nil)
		} else {
			err = dest[i].(sql.Scanner).Scan(value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls f for each row of a query, whose columns were scanned into dest.
func each(ctx context.Context, tx pgx.Tx, query string, args []any, dest []any, f func() error) error {
	found, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(found, dest, f)
	return err
}

func (r *reading) readDivisions(ctx context.Context, tx pgx.Tx) error {
	var list []registry.Division
	r.successor = map[string]string{}
	var code, name string
	var from, to, successor *string
	err := each(ctx, tx, divisionsSQL, nil, []any{&code, &name, &from, &to, &successor}, func() error {
		d := registry.Division{Code: code, Name: name}
		for _, day := range []struct {
			text *string
			to   *registry.Date
		}{{from, &d.From}, {to, &d.To}} {
			if day.text != nil {
				if err := day.to.UnmarshalText([]byte(*day.text)); err != nil {
					return fmt.Errorf("division %s: %w", code, err)
				}
			}
		}
		list = append(list, d)
		if successor != nil {
			r.successor[code] = *successor
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.divisions, err = registry.NewDivisions(func(yield func(registry.Division) bool) {
		for _, d := range list {
			if !yield(d) {
				return
			}
		}
	})
	return err
}

func readIndustries(ctx context.Context, tx pgx.Tx) (*registry.Industries, error) {
	var list []registry.IndustryEntry
	var code, section, name string
	err := each(ctx, tx, industriesSQL, nil, []any{&code, &section, &name}, func() error {
		list = append(list, registry.IndustryEntry{Industry: registry.Industry{Edition: 2017, Code: code}, Section: section, Name: name})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return registry.NewIndustries(func(yield func(registry.IndustryEntry) bool) {
		for _, i := range list {
			if !yield(i) {
				return
			}
		}
	})
}

func (r *reading) readOrgs(ctx context.Context, tx pgx.Tx) (err error) {
	inCharge := map[string]string{}
	r.orgs, err = registry.NewDepartments(func(yield func(registry.Department, error) bool) {
		var id, name, parent, division string
		var level registry.Tier
		err := each(ctx, tx, orgsSQL, nil, []any{&id, &name, &parent, &division, &level}, func() error {
			inCharge[division] = id
			if !yield(registry.Department{ID: id, Name: name, Parent: parent, Division: division, Tier: level}, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && err != errStopped {
			yield(registry.Department{}, err)
		}
	})
	if err != nil {
		return err
	}
	r.orgOf = map[string]string{}
	for d := range r.divisions.All() {
		code := d.Code
		for range r.divisions.Len() { // a circle of successors ends here, without a department
			next, abolished := r.successor[code]
			if !abolished {
				break
			}
			code = next
		}
		if id, ok := inCharge[code]; ok {
			r.orgOf[d.Code] = id
		}
	}
	return nil
}

// errStopped says that whoever takes the rows wants no more of them: an error of its own.
var errStopped = errors.New("no more rows wanted")

func (r *reading) readExcluded(ctx context.Context, tx pgx.Tx) error {
	r.excluded = map[string]string{}
	var code, reason string
	return each(ctx, tx, notDrawnSQL, []any{r.day.String()}, []any{&code, &reason}, func() error {
		if _, ok := r.entities.Row(code); ok { // it may have been rejected
			r.excluded[code] = reason
		}
		return nil
	})
}

func (r *reading) readInspectors(ctx context.Context, tx pgx.Tx) (err error) {
	r.capacity, r.carried = map[string]int{}, map[string]int{}
	r.crew, err = registry.NewInspectors(r.inspectors(ctx, tx), r.orgs)
	return err
}

// inspectors goes through the inspectors with their certificates, and notes how many visits
// each can take.
func (r *reading) inspectors(ctx context.Context, tx pgx.Tx) iter.Seq2[registry.Inspector, error] {
	states := map[string]registry.InspectorStatus{
		"在岗": registry.InspectorActive, "休假": registry.InspectorOnLeave, "停职": registry.InspectorSuspended,
		"调离": registry.InspectorTransferred, "退休": registry.InspectorRetired,
	}
	return func(yield func(registry.Inspector, error) bool) {
		var id, name, org, state string
		var lead bool
		var capacity, carried int
		var kinds, froms, tos []string
		err := each(ctx, tx, inspectorsSQL, nil, []any{&id, &name, &org, &state, &lead, &capacity, &carried, &kinds, &froms, &tos}, func() error {
			p := registry.Inspector{ID: id, Name: name, Department: org, Status: states[state]}
			if lead {
				p.Roles = registry.Lead
			}
			for k, kind := range kinds {
				c := registry.Certificate{Kind: kind}
				if err := c.From.UnmarshalText([]byte(froms[k])); err != nil {
					return fmt.Errorf("inspector %s: %w", id, err)
				}
				if err := c.To.UnmarshalText([]byte(tos[k])); err != nil {
					return fmt.Errorf("inspector %s: %w", id, err)
				}
				p.Certificates = append(p.Certificates, c)
			}
			r.capacity[id], r.carried[id] = capacity, carried
			if !yield(p, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && err != errStopped {
			yield(registry.Inspector{}, err)
		}
	}
}
