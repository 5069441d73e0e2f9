namespace EdgeBench.Suites.Reference.Home;

/// <summary>A room.</summary>
/// <param name="Words">What people call it.</param>
internal sealed record HomeRoom(string Name, params string[] Words)
{
    public static IReadOnlyList<HomeRoom> All { get; } =
    [
        new("kitchen", "kitchen"),
        new("bedroom", "bedroom"),
        new("living_room", "living room", "lounge"),
        new("bathroom", "bathroom", "bath"),
        new("hallway", "hallway", "hall"),
        new("office", "office", "study"),
        new("garage", "garage"),
        new("nursery", "nursery", "kids room"),
        new("attic", "attic", "loft"),
        new("basement", "basement", "cellar"),
        new("dining_room", "dining room"),
        new("guest_room", "guest room", "spare room"),
    ];
}
