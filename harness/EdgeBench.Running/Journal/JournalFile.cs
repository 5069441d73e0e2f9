using EdgeBench.Core.Problems;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Journal;

/// <summary>Opens the SQLite file of any kind of journal for writing, durably.</summary>
internal static class JournalFile
{
    /// <summary>Creates it where it is not there. Throws <see cref="EdgeBenchException"/> for foreign or newer files.</summary>
    /// <param name="fresh">Starts over.</param>
    public static SqliteConnection Open(string path, bool fresh, JournalKind kind) => JournalErrors.Guard(path, () =>
    {
        if (fresh)
        {
            File.Delete(path + "-journal");
            File.Delete(path);
        }
        // Pooling would keep the file open after Dispose.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            JournalSchema.Execute(connection, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
            JournalSchema.Ensure(connection, path, kind);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    });
}
