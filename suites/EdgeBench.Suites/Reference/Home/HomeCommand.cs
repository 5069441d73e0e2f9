using System.Text;

namespace EdgeBench.Suites.Reference.Home;

/// <summary>What one clause asks for; null where it says nothing of that.</summary>
/// <param name="Value">As JSON.</param>
/// <param name="When">As JSON: <c>"at":"19:30"</c> or <c>"in":10</c> (minutes).</param>
internal sealed record HomeCommand(string Intent, string Device, string Room, string? Except, string? Value, string? When)
{
    /// <summary>The combination that may be held out.</summary>
    public string Combination => $"home:{Intent}|{Device}|{Room}";

    /// <summary>One command is an object, several are an array, none is the intent <c>none</c>.</summary>
    public static string Json(IReadOnlyList<HomeCommand> commands) => commands.Count switch
    {
        0 => "{\"intent\":\"none\"}",
        1 => commands[0].Json(),
        _ => $"[{string.Join(',', commands.Select(command => command.Json()))}]",
    };

    private string Json()
    {
        StringBuilder json = new($"{{\"intent\":\"{Intent}\",\"device\":\"{Device}\",\"room\":\"{Room}\"");
        if (Except is not null) json.Append($",\"except\":\"{Except}\"");
        if (Value is not null) json.Append($",\"value\":{Value}");
        if (When is not null) json.Append($",{When}");
        return json.Append('}').ToString();
    }
}
