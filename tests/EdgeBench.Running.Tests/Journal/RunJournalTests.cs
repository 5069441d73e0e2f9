using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using EdgeBench.Running.Journal;
using EdgeBench.Testing;
using Microsoft.Data.Sqlite;
using static EdgeBench.Running.Tests.Journal.JournalFixture;

namespace EdgeBench.Running.Tests.Journal;

public class RunJournalTests
{
    [Fact]
    public void What_was_added_is_read_back_in_full()
    {
        using TemporaryFolder folder = new();
        using (RunJournal journal = RunJournal.Open(folder.Path, fresh: false))
        {
            Begin(journal);
            journal.SetPlan([Cell("a", "k1"), Cell("b", "k2")], [new Core.Cells.ExcludedCell(Cell("c", "k3").Cell, "too big")]);
            journal.AddTrial("k1", 0, 7, Success("t1", 10.5, double.NaN, -0.0));
            journal.AddTrial("k2", 0, 8, Failure("t2", FailureKind.Hang));
        }
        StoredRun run = RunJournal.ReadOnly(folder.File(RunJournal.FileName));

        Assert.Equal(("run", "a description", "abc"), (run.Name, run.Description, run.Provenance["commit"]));
        Assert.Equal(["m/a/b/local/w", "m/b/b/local/w"], run.Cells.Select(cell => cell.Id));
        StoredTrial trial = Assert.Single(run.Cells[0].Trials);
        Assert.Equal((0, 7, 1.5), (trial.Session, trial.Order, trial.Outcome.Seconds));
        Assert.Equal([10.5, double.NaN, -0.0], Assert.Single(trial.Outcome.Series).Values);
        Assert.Equal(FailureKind.Hang, Assert.Single(run.Cells[1].Trials).Outcome.Failure!.Kind);
        Assert.Equal("too big", Assert.Single(run.Excluded).Reason);
    }

    [Fact]
    public void A_changed_plan_keeps_the_cells_that_stay_and_drops_the_others_from_the_report()
    {
        using TemporaryFolder folder = new();
        using RunJournal journal = RunJournal.Open(folder.Path, fresh: false);
        Begin(journal);
        journal.SetPlan([Cell("a", "k1"), Cell("b", "k2")], []);
        journal.AddTrial("k1", 0, 0, Success("t1", 1));
        journal.AddTrial("k2", 0, 1, Success("t2", 2));

        journal.SetPlan([Cell("new", "k3"), Cell("a-renamed", "k1")], []);
        StoredRun run = journal.Read();

        Assert.Equal(["new", "a-renamed"], run.Cells.Select(cell => cell.Recipe));
        Assert.Empty(run.Cells[0].Trials);
        Assert.Equal("t1", Assert.Single(run.Cells[1].Trials).TrialId);
        Assert.Contains(("k2", 0), journal.Succeeded());
    }

    [Fact]
    public void Two_names_for_one_measurement_are_both_reported()
    {
        using TemporaryFolder folder = new();
        using RunJournal journal = RunJournal.Open(folder.Path, fresh: false);
        Begin(journal);
        journal.SetPlan([Cell("int8", "k1"), Cell("q8", "k1")], [], filteredOut: 3);
        journal.AddTrial("k1", 0, 0, Success("t1", 1));
        StoredRun run = journal.Read();

        Assert.Equal(["int8", "q8"], run.Cells.Select(cell => cell.Recipe));
        Assert.All(run.Cells, cell => Assert.Equal("t1", Assert.Single(cell.Trials).TrialId));
        Assert.Equal(3, run.FilteredOut);
    }

    [Fact]
    public void A_run_that_ended_before_it_had_a_plan_says_so()
    {
        using TemporaryFolder folder = new();
        RunJournal.Open(folder.Path, fresh: false).Dispose();
        Assert.Contains("before it had a plan", Assert.Throws<EdgeBenchException>(() => RunJournal.ReadOnly(folder.File(RunJournal.FileName))).Message);
        File.WriteAllBytes(folder.File(RunJournal.FileName), []);
        Assert.Contains("before it began", Assert.Throws<EdgeBenchException>(() => RunJournal.ReadOnly(folder.File(RunJournal.FileName))).Message);
    }

    [Fact]
    public void A_second_success_of_one_cell_and_session_is_refused_and_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        using RunJournal journal = RunJournal.Open(folder.Path, fresh: false);
        Begin(journal);
        journal.SetPlan([Cell("a", "k1")], []);
        journal.AddTrial("k1", 0, 0, Success("t1", 1));

        const int Constraint = 19;
        Assert.Equal(Constraint, Assert.Throws<SqliteException>(() => journal.AddTrial("k1", 0, 1, Success("t2", 2))).SqliteErrorCode);
        Assert.Equal("t1", Assert.Single(Assert.Single(journal.Read().Cells).Trials).TrialId);
    }

    [Fact]
    public void A_failure_is_replaced_by_a_later_success_in_the_report_and_kept_in_the_file()
    {
        using TemporaryFolder folder = new();
        using RunJournal journal = RunJournal.Open(folder.Path, fresh: false);
        Begin(journal);
        journal.SetPlan([Cell("a", "k1", trials: 1)], []);
        journal.AddTrial("k1", 0, 0, Failure("t1", FailureKind.Crash));
        journal.AddTrial("k1", 0, 1, Success("t2", 2));

        StoredTrial trial = Assert.Single(Assert.Single(journal.Read().Cells).Trials);
        Assert.Equal("t2", trial.TrialId);
        Assert.Equal(FailureKind.Crash, Assert.Single(trial.EarlierFailures).Kind);
        Assert.Equal(2L, Scalar(folder, "SELECT count(*) FROM trials"));
    }

    [Fact]
    public void Fresh_starts_over()
    {
        using TemporaryFolder folder = new();
        using (RunJournal journal = RunJournal.Open(folder.Path, fresh: false))
        {
            Begin(journal);
            journal.SetPlan([Cell("a", "k1")], []);
            journal.AddTrial("k1", 0, 0, Success("t1", 1));
        }
        using RunJournal again = RunJournal.Open(folder.Path, fresh: true);
        Assert.Empty(again.Succeeded());
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File(RunJournal.FileName), new string('x', 4096));
        EdgeBenchException error = Assert.Throws<EdgeBenchException>(() => RunJournal.Open(folder.Path, fresh: false));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        Assert.Contains(RunJournal.FileName, error.Message);
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        using TemporaryFolder folder = new();
        Execute(folder, "CREATE TABLE cookies (id INTEGER)");
        Assert.Contains("another program", Assert.Throws<EdgeBenchException>(() => RunJournal.Open(folder.Path, fresh: false)).Message);
    }

    [Fact]
    public void A_journal_of_a_newer_schema_is_refused_with_both_versions()
    {
        using TemporaryFolder folder = new();
        RunJournal.Open(folder.Path, fresh: false).Dispose();
        Execute(folder, "PRAGMA user_version = 99");
        string message = Assert.Throws<EdgeBenchException>(() => RunJournal.Open(folder.Path, fresh: false)).Message;
        Assert.Contains("99", message);
        Assert.Contains("at most 1", message);
    }

    [Fact]
    public void Damaged_readings_are_named()
    {
        using TemporaryFolder folder = new();
        using (RunJournal journal = RunJournal.Open(folder.Path, fresh: false))
        {
            Begin(journal);
            journal.SetPlan([Cell("a", "k1")], []);
            journal.AddTrial("k1", 0, 0, Success("t1", 1));
        }
        Execute(folder, "UPDATE series SET readings = x'01ffffff7f'");
        string message = Assert.Throws<EdgeBenchException>(() => RunJournal.ReadOnly(folder.File(RunJournal.FileName))).Message;
        Assert.Contains("prefill_tok_s", message);
    }

    [Theory]
    [InlineData(13, ExitCode.Infrastructure)]
    [InlineData(10, ExitCode.Infrastructure)]
    [InlineData(5, ExitCode.Infrastructure)]
    [InlineData(8, ExitCode.BadInput)]
    [InlineData(11, ExitCode.BadInput)]
    [InlineData(14, ExitCode.BadInput)]
    [InlineData(26, ExitCode.BadInput)]
    public void What_the_database_reports_ends_a_command_with_the_right_code(int sqlite, ExitCode expected)
    {
        EdgeBenchException error = Assert.ThrowsAny<EdgeBenchException>(() => JournalErrors.Guard<bool>("run.db", () => throw new SqliteException("why", sqlite)));
        Assert.Equal(expected, error.ExitCode);
        Assert.Contains("run.db", error.Message);
    }

    private static void Execute(TemporaryFolder folder, string sql)
    {
        using SqliteConnection connection = new($"Data Source={folder.File(RunJournal.FileName)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(TemporaryFolder folder, string sql)
    {
        using SqliteConnection connection = new($"Data Source={folder.File(RunJournal.FileName)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
