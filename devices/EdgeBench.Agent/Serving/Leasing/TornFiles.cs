namespace EdgeBench.Agent.Serving.Leasing;

/// <summary>
/// What a killed agent had half-written beside its lease, its outcomes and its tuning. Only the holder of the lease writes there, so whoever has just taken it
/// may delete all of it; files on their way in are not touched, since a transfer goes on from them.
/// </summary>
internal static class TornFiles
{
    private static readonly (string Folder, string Pattern)[] s_places = [("", "lease.json.*.partial"), ("outcomes", "*.json.*.partial"), ("tuning", "*.json.*.partial")];

    /// <param name="folder">The device's cache folder.</param>
    public static void Delete(string folder)
    {
        foreach ((string name, string pattern) in s_places)
        {
            string place = Path.Combine(folder, name);
            if (!Directory.Exists(place)) continue;
            foreach (string torn in Directory.EnumerateFiles(place, pattern)) File.Delete(torn);
        }
    }
}
