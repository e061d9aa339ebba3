import QtQuick
import Takeback

// What would help the camera, while it tries.
Notice {
    icon: "search"
    tone: "info"
}
