using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Cells;
using EdgeBench.Core.Devices;
using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Runs;
using EdgeBench.Core.Trials;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Journal;

/// <summary>
/// The one file of a run. Every change is one durable transaction, so that a kill at any moment leaves the journal as it was after the last complete
/// trial. Only one process writes at a time (<see cref="Execution.RunLock"/>).
/// </summary>
public sealed class RunJournal : IDisposable
{
    /// <summary>Name of the journal inside a run's folder.</summary>
    public const string FileName = "run.db";

    private readonly SqliteConnection _connection;
    private readonly string _path;
    private long _invocation;
    private Dictionary<string, string> _header = [];

    private RunJournal(SqliteConnection connection, string path)
    {
        _connection = connection;
        _path = path;
    }

    /// <summary>Opens or creates the journal in a folder. Throws <see cref="EdgeBenchException"/> for foreign or newer files.</summary>
    public static RunJournal Open(string folder, bool fresh)
    {
        string path = Path.Combine(folder, FileName);
        return new RunJournal(JournalFile.Open(path, fresh, JournalSchema.Run), path);
    }

    /// <summary>A value of the run as a whole, or null.</summary>
    public string? Find(string key) => Guard(() =>
    {
        using SqliteCommand command = Command("SELECT value FROM meta WHERE key = $key", ("$key", key));
        return command.ExecuteScalar() as string;
    });

    /// <summary>
    /// Records that a command started to work on this run: who, when, with what. Later trials refer to it. What the run as a whole says of itself changes
    /// only with its plan.
    /// </summary>
    public void Begin(string name, string? description, string configurationJson, IReadOnlyDictionary<string, string> provenance) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        string now = DateTimeOffset.UtcNow.ToString("O");
        _header = new Dictionary<string, string>
        {
            ["name"] = name,
            ["description"] = description ?? "",
            ["configuration"] = configurationJson,
            ["provenance"] = EdgeBenchJson.Serialize(provenance),
        };
        using (SqliteCommand started = Command("INSERT OR IGNORE INTO meta VALUES ('started_at', $now)", ("$now", now))) started.ExecuteNonQuery();
        using SqliteCommand insert = Command("INSERT INTO invocations (started_at, facts) VALUES ($now, $facts) RETURNING id",
            ("$now", now), ("$facts", EdgeBenchJson.Serialize(provenance)));
        _invocation = (long)insert.ExecuteScalar()!;
        transaction.Commit();
    });

    public void PutMetaDurably(string key, string value) => Guard(() => PutMeta(key, value));

    /// <summary>
    /// Replaces the plan. Trials stay, whatever the plan: those of cells that are no longer planned leave the reports only. Two planned cells may share a
    /// key; each is reported, with the same trials.
    /// </summary>
    public void SetPlan(IReadOnlyList<JournalCell> cells, IReadOnlyList<ExcludedCell> excluded, int filteredOut = 0) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        JournalSchema.Execute(_connection, "DELETE FROM plan; DELETE FROM exclusions;");
        foreach ((string key, string value) in _header) PutMeta(key, value);
        PutMeta("filtered_out", filteredOut.ToString());
        PutMeta("updated_at", DateTimeOffset.UtcNow.ToString("O"));
        using SqliteCommand insert = Command("INSERT INTO plan (key, cell) VALUES ($key, $cell)", ("$key", ""), ("$cell", ""));
        foreach (JournalCell cell in cells)
        {
            insert.Parameters["$key"].Value = cell.Key;
            insert.Parameters["$cell"].Value = EdgeBenchJson.Serialize(cell);
            insert.ExecuteNonQuery();
        }
        using SqliteCommand exclude = Command("INSERT INTO exclusions (exclusion) VALUES ($exclusion)", ("$exclusion", ""));
        foreach (ExcludedCell one in excluded)
        {
            StoredExclusion stored = new(one.Cell.Id, one.Cell.Model.Name, one.Cell.Recipe.Name, one.Cell.Backend.Name, one.Cell.Device.Name,
                one.Cell.Workload.Name, one.Reason);
            exclude.Parameters["$exclusion"].Value = EdgeBenchJson.Serialize(stored);
            exclude.ExecuteNonQuery();
        }
        transaction.Commit();
    });

    public void PutDevice(string name, DeviceFacts facts) => Guard(() =>
    {
        using SqliteCommand command = Command("INSERT OR REPLACE INTO devices VALUES ($name, $facts)", ("$name", name), ("$facts", EdgeBenchJson.Serialize(facts)));
        command.ExecuteNonQuery();
    });

    public void PutArtifact(ArtifactDescription artifact) => Guard(() =>
    {
        using SqliteCommand command = Command("INSERT OR REPLACE INTO artifacts VALUES ($id, $artifact)",
            ("$id", artifact.Id), ("$artifact", EdgeBenchJson.Serialize(artifact)));
        command.ExecuteNonQuery();
    });

    /// <summary>Cell keys and sessions that already have a successful trial.</summary>
    public IReadOnlySet<(string Key, int Session)> Succeeded() => Guard(() =>
    {
        using SqliteCommand command = Command("SELECT cell_key, session FROM trials WHERE succeeded = 1");
        using SqliteDataReader reader = command.ExecuteReader();
        HashSet<(string, int)> done = [];
        while (reader.Read()) done.Add((reader.GetString(0), reader.GetInt32(1)));
        return done;
    });

    /// <summary>Whether a trial is in the journal, whatever came of it.</summary>
    public bool Holds(string trialId) => Guard(() =>
    {
        using SqliteCommand command = Command("SELECT 1 FROM trials WHERE id = $id", ("$id", trialId));
        return command.ExecuteScalar() is not null;
    });

    /// <summary>Adds one finished trial with all its samples in one transaction.</summary>
    public void AddTrial(string cellKey, int session, int position, TrialOutcome outcome) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        using (SqliteCommand insert = Command("""
            INSERT INTO trials VALUES ($id, $cell, $session,
                (SELECT count(*) FROM trials WHERE cell_key = $cell AND session = $session), $position, $invocation, $succeeded, $outcome)
            """,
            ("$id", outcome.TrialId), ("$cell", cellKey), ("$session", session), ("$position", position), ("$invocation", _invocation),
            ("$succeeded", outcome.Failure is null ? 1 : 0), ("$outcome", EdgeBenchJson.Serialize(outcome with { Series = [] }))))
        {
            insert.ExecuteNonQuery();
        }
        foreach (Series series in outcome.Series)
        {
            using SqliteCommand insert = Command("INSERT INTO series VALUES ($trial, $metric, $readings)",
                ("$trial", outcome.TrialId), ("$metric", series.Metric), ("$readings", SeriesBlob.Write(series)));
            insert.ExecuteNonQuery();
        }
        PutMeta("updated_at", DateTimeOffset.UtcNow.ToString("O"));
        transaction.Commit();
    });

    /// <summary>The run as stored so far.</summary>
    public StoredRun Read() => Guard(() => JournalReader.Read(_connection, _path));

    /// <summary>Reads a finished or interrupted run without changing it.</summary>
    public static StoredRun ReadOnly(string path) => JournalErrors.Guard(path, () =>
    {
        if (!File.Exists(path))
            throw EdgeBenchException.BadInput($"'{path}' does not exist", "a run's folder or its run.db", "Measure one with 'edgebench run'.");
        if (new FileInfo(path).Length == 0)
            throw EdgeBenchException.BadInput($"'{path}' is empty: its run ended before it began", "a journal with a plan", "Run the same command again.");
        SqliteConnectionStringBuilder settings = new() { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        // A run that was killed inside a transaction leaves a hot journal, which only a writer may roll back.
        if (File.Exists(path + "-journal")) settings.Mode = SqliteOpenMode.ReadWrite;
        using SqliteConnection connection = new(settings.ToString());
        connection.Open();
        JournalSchema.Ensure(connection, path);
        return JournalReader.Read(connection, path);
    });

    public void Dispose() => _connection.Dispose();

    private void PutMeta(string key, string value)
    {
        using SqliteCommand command = Command("INSERT OR REPLACE INTO meta VALUES ($key, $value)", ("$key", key), ("$value", value));
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private T Guard<T>(Func<T> work) => JournalErrors.Guard(_path, work);

    private void Guard(Action work) => JournalErrors.Guard(_path, () =>
    {
        work();
        return true;
    });
}
