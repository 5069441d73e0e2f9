using System.Text.Json;
using EdgeBench.Core.Problems;
using Microsoft.Data.Sqlite;

namespace EdgeBench.Running.Journal;

/// <summary>Turns SQLite's errors into ours: a full disk is infrastructure, a damaged or foreign file is bad input.</summary>
internal static class JournalErrors
{
    // https://www.sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnlyFile = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Full or IoError)
        {
            throw new DiskFullException(new Problem($"the journal '{path}' could not be written ({error.Message})", "free space on its disk",
                "Free some space and run the same command again: what was measured is kept."), error);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is CannotOpen or ReadOnlyFile)
        {
            throw EdgeBenchException.BadInput($"the journal '{path}' cannot be opened ({error.Message})", "a folder that this user may write to", "Choose another with --out.");
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw EdgeBenchException.BadInput($"'{path}' is not a readable journal ({error.Message})", "a journal written by 'edgebench run'", "Start over with --fresh, or elsewhere with --out.");
        }
        catch (SqliteException error) when (error.SqliteErrorCode is Busy or Locked)
        {
            throw EdgeBenchException.Infrastructure($"the journal '{path}' is in use by another process", "one writer at a time", "Wait for it to end.", error);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or FormatException)
        {
            throw EdgeBenchException.BadInput($"'{path}' holds a record that cannot be read ({error.Message})", "a journal written by 'edgebench run'", "Start over with --fresh, or elsewhere with --out.");
        }
    }
}
