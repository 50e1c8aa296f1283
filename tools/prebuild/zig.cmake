# Cross compiling with Zig: a C++ compiler with the standard library of every target. The caller sets ZIG, the path of
# the compiler, ZIG_TARGET, its name of the target, and CMAKE_SYSTEM_NAME.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ZIG ZIG_TARGET CMAKE_SYSTEM_NAME)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

string(REGEX MATCH "^[^-]+" CMAKE_SYSTEM_PROCESSOR "${ZIG_TARGET}")
set(CMAKE_CXX_COMPILER "${ZIG}" c++ -target ${ZIG_TARGET})

# One program is all the tools; CMake gives each of them one path and no arguments.
set(CMAKE_AR "${ZIG}")
set(CMAKE_CXX_ARCHIVE_CREATE "<CMAKE_AR> ar qc <TARGET> <OBJECTS>")
set(CMAKE_CXX_ARCHIVE_FINISH "<CMAKE_AR> ranlib <TARGET>")

# Stripped: nobody debugs a prebuilt addon, and it would be twice as large.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-s")
if(CMAKE_SYSTEM_NAME STREQUAL "Darwin")
  # Node-API is in whatever program loads the addon.
  string(APPEND CMAKE_SHARED_LINKER_FLAGS_INIT " -Wl,-undefined,dynamic_lookup")
endif()
