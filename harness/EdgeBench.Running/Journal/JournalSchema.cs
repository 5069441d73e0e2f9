using EdgeBench.Core.Problems;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Journal;

/// <summary>
/// Tables of a run's journal. <c>application_id</c> marks the file as ours and <c>user_version</c> is the schema's version, so that other files and
/// newer journals are refused by name instead of misread.
/// </summary>
internal static class JournalSchema
{
    public const int Version = 1;

    // "EDGB" in ASCII.
    private const int ApplicationId = 0x45444742;

    private const string Tables = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE invocations (id INTEGER PRIMARY KEY, started_at TEXT NOT NULL, facts TEXT NOT NULL);
        CREATE TABLE devices (name TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE artifacts (id TEXT PRIMARY KEY, description TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE plan (position INTEGER PRIMARY KEY, key TEXT NOT NULL, cell TEXT NOT NULL);
        CREATE TABLE exclusions (position INTEGER PRIMARY KEY, exclusion TEXT NOT NULL);
        CREATE TABLE trials (
            id TEXT PRIMARY KEY, cell_key TEXT NOT NULL, session INTEGER NOT NULL, attempt INTEGER NOT NULL,
            position INTEGER NOT NULL, invocation INTEGER NOT NULL REFERENCES invocations(id), succeeded INTEGER NOT NULL, outcome TEXT NOT NULL,
            UNIQUE (cell_key, session, attempt)) WITHOUT ROWID;
        CREATE UNIQUE INDEX one_success ON trials (cell_key, session) WHERE succeeded = 1;
        CREATE TABLE series (
            trial_id TEXT NOT NULL REFERENCES trials(id), metric TEXT NOT NULL, readings BLOB NOT NULL,
            PRIMARY KEY (trial_id, metric)) WITHOUT ROWID;
        """;

    /// <summary>Journals of <c>edgebench run</c>.</summary>
    public static JournalKind Run { get; } = new(ApplicationId, Version, Tables, "edgebench run");

    /// <summary>Creates the tables in an empty database, or checks that they are of a version that is understood.</summary>
    public static void Ensure(SqliteConnection connection, string path) => Ensure(connection, path, Run);

    /// <summary>The same for any kind of journal.</summary>
    public static void Ensure(SqliteConnection connection, string path, JournalKind kind)
    {
        long application = Scalar(connection, "PRAGMA application_id");
        long version = Scalar(connection, "PRAGMA user_version");
        long objects = Scalar(connection, "SELECT count(*) FROM sqlite_master");
        if (objects == 0)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            Execute(connection, kind.Tables);
            Execute(connection, $"PRAGMA application_id = {kind.ApplicationId}; PRAGMA user_version = {kind.Version};");
            transaction.Commit();
            return;
        }
        if (application != kind.ApplicationId)
            throw EdgeBenchException.BadInput($"'{path}' is an SQLite database of another program", $"a journal written by '{kind.Writer}'", "Give the folder of a run.");
        if (version > kind.Version)
        {
            throw EdgeBenchException.BadInput($"'{path}' has journal schema {version}", $"at most {kind.Version}",
                "A newer EdgeBench wrote it: update, or start over elsewhere with --out.");
        }
        if (version < 1)
            throw EdgeBenchException.BadInput($"'{path}' has journal schema {version}", $"1 to {kind.Version}", "The file is damaged; start over with --fresh.");
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar());
    }
}
