using EdgeBench.Core.IO;
using EdgeBench.Core.Problems;
using EdgeBench.Core.Training;
using EdgeBench.Running.Journal;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Training;

/// <summary>The one file of a training: facts and curve, each change a durable transaction. A training that goes on after an interruption writes the points again that it repeats.</summary>
public sealed class TrainingJournal : IDisposable
{
    /// <summary>Name of the journal inside a training's folder.</summary>
    public const string FileName = "train.db";

    private const int Version = 1;

    // "EDGT" in ASCII.
    private const int ApplicationId = 0x45444754;

    private const string Tables = """
        CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE curve (step INTEGER PRIMARY KEY, point TEXT NOT NULL);
        """;

    private readonly SqliteConnection _connection;
    private readonly string _path;

    private TrainingJournal(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens or creates the journal in a folder. Throws <see cref="EdgeBenchException"/> for foreign or newer files.</summary>
    public static TrainingJournal Open(string folder, bool fresh)
    {
        string path = Path.Combine(folder, FileName);
        return new TrainingJournal(JournalFile.Open(path, fresh, new(ApplicationId, Version, Tables, "edgebench train")), path);
    }

    public void PutFacts(IReadOnlyDictionary<string, string> facts) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        foreach ((string key, string value) in facts) Execute("INSERT OR REPLACE INTO facts VALUES ($key, $value)", ("$key", key), ("$value", value));
        transaction.Commit();
    });

    public void Put(CurvePoint point) => Guard(() => Execute("INSERT OR REPLACE INTO curve VALUES ($key, $value)", ("$key", point.Step), ("$value", EdgeBenchJson.Serialize(point))));

    /// <summary>Forgets points after a step: those that an interrupted training had reached and will reach again.</summary>
    public void CutAfter(long step) => Guard(() => Execute("DELETE FROM curve WHERE step > $key", ("$key", step)));

    public StoredTraining Read(string name) => JournalErrors.Guard(_path, () =>
    {
        Dictionary<string, string> facts = new(Rows("SELECT key, value FROM facts ORDER BY key").Select(row => KeyValuePair.Create((string)row.Key, row.Value)));
        return new StoredTraining(name, facts, [.. Rows("SELECT step, point FROM curve ORDER BY step").Select(row => EdgeBenchJson.Deserialize<CurvePoint>(row.Value))]);
    });

    public void Dispose() => _connection.Dispose();

    private IEnumerable<(object Key, string Value)> Rows(string sql)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) yield return (reader.GetValue(0), reader.GetString(1));
    }

    private void Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private void Guard(Action work) => JournalErrors.Guard(_path, () =>
    {
        work();
        return true;
    });
}
