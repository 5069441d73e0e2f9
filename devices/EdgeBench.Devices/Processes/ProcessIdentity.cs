using System.Globalization;

namespace EdgeBench.Devices.Processes;

/// <summary>A process that cannot be mistaken for a later one with its number.</summary>
/// <param name="Id">Process number.</param>
/// <param name="Started">Clock ticks between boot and its start (proc(5), stat, field 22).</param>
public sealed record ProcessIdentity(int Id, long Started)
{
    /// <summary>The identity of a running process; null where there is none.</summary>
    public static ProcessIdentity? Of(int id)
    {
        string? stat = SystemRoot.Real.Text($"proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
        // The command's name is in parentheses and may hold blanks; field 3 follows the last one.
        string[]? fields = stat?[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool dead = fields is not { Length: >= 20 } || fields[0] is "Z" or "X";
        return !dead && long.TryParse(fields![19], NumberStyles.None, CultureInfo.InvariantCulture, out long started) ? new ProcessIdentity(id, started) : null;
    }

    public bool IsAlive => Of(Id) == this;
}
