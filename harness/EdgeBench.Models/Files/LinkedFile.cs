namespace EdgeBench.Models.Files;

/// <summary>Size and time of the file that a path leads to: a symbolic link's own would not change with it.</summary>
internal static class LinkedFile
{
    public static FileInfo Of(string path)
    {
        FileInfo link = new(path);
        return link.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? link;
    }
}
